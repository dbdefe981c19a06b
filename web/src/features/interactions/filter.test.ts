import { describe, expect, test } from "vitest";
import { countFilters, fits, readSearch, toFilter, toggle } from "./filter";

test("an address that makes no sense is an address without it", () => {
  expect(readSearch({ view: "everything", from: "yesterday", order: "STARTED", q: " ", tags: "vip,late" })).toEqual({
    order: "STARTED",
    tags: "vip,late",
  });
});

describe("what the server is asked", () => {
  test("mine is open and owned by me", () =>
    expect(toFilter({ view: "mine" }, "usr_1")).toEqual({ status: "OPEN", ownerIds: ["usr_1"] }));
  test("the first agent and the owner are two filters (R88)", () =>
    expect(toFilter({ first: "usr_1", owners: "usr_2" }, "usr_9")).toEqual({
      firstOwnerIds: ["usr_1"],
      ownerIds: ["usr_2"],
    }));
  test("several tags are any of them unless all are asked for (A19)", () => {
    expect(toFilter({ tags: "a,b" }, undefined)).toMatchObject({ tags: ["a", "b"], tagsMatch: "ANY" });
    expect(toFilter({ tags: "a,b", match: "all" }, undefined)).toMatchObject({ tagsMatch: "ALL" });
  });
  test("the last day of a range counts whole (R84)", () => {
    const f = toFilter({ from: "2026-03-01", to: "2026-03-01" }, undefined);
    expect(new Date(f.startedTo ?? 0).getTime() - new Date(f.startedFrom ?? 0).getTime()).toBe(86_400_000);
  });
});

test("toggling puts in and takes out", () => {
  expect(toggle(undefined, "a")).toBe("a");
  expect(toggle("a", "b")).toBe("a,b");
  expect(toggle("a,b", "a")).toBe("b");
  expect(toggle("a", "a")).toBeUndefined();
});

test("the number on the button counts filters only", () => {
  expect(countFilters({ view: "open", q: "x", order: "WINDOW" })).toBe(0);
  expect(countFilters({ read: "no", tags: "a" })).toBe(2);
});

describe("a row that has just changed", () => {
  const row = {
    status: "OPEN",
    read: false,
    waiting: false,
    tags: ["vip"],
    startedAt: "2026-03-01T10:00:00Z",
    account: { id: "acc_1" },
    queue: null,
    owner: { id: "usr_1" },
    firstOwner: { id: "usr_2" },
  };
  test("fits when every filter holds", () =>
    expect(fits(row, { status: "OPEN", read: false, tags: ["vip", "late"], ownerIds: ["usr_1"] })).toBe(true));
  test("does not when one fails", () => {
    expect(fits(row, { ownerIds: ["usr_2"] })).toBe(false);
    expect(fits(row, { queueIds: ["que_1"] })).toBe(false);
    expect(fits(row, { tags: ["vip", "late"], tagsMatch: "ALL" })).toBe(false);
  });
  test("cannot be judged by a search", () => expect(fits(row, { search: "ada" })).toBe(false));
});
