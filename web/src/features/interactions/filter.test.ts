import { describe, expect, test } from "vitest";
import { countFilters, matches, readSearch, toFilter, toggle } from "./filter";

test("invalid search parameters are ignored", () => {
  expect(readSearch({ view: "everything", from: "yesterday", order: "STARTED", q: " ", tags: "vip,late" })).toEqual({
    order: "STARTED",
    tags: "vip,late",
  });
});

describe("the filter sent to the server", () => {
  test("the view of one's own interactions contains open ones only", () =>
    expect(toFilter({ view: "mine" }, "usr_1")).toEqual({ status: "OPEN", ownerIds: ["usr_1"] }));
  test("the first agent and the owner are separate filters", () =>
    expect(toFilter({ first: "usr_1", owners: "usr_2" }, "usr_9")).toEqual({
      firstOwnerIds: ["usr_1"],
      ownerIds: ["usr_2"],
    }));
  test("any of several tags matches unless all are required", () => {
    expect(toFilter({ tags: "a,b" }, undefined)).toMatchObject({ tags: ["a", "b"], tagsMatch: "ANY" });
    expect(toFilter({ tags: "a,b", match: "all" }, undefined)).toMatchObject({ tagsMatch: "ALL" });
  });
  test("the last day of a range is included", () => {
    const f = toFilter({ from: "2026-03-01", to: "2026-03-01" }, undefined);
    expect(new Date(f.startedTo ?? 0).getTime() - new Date(f.startedFrom ?? 0).getTime()).toBe(86_400_000);
  });
});

test("toggling a value adds or removes it", () => {
  expect(toggle(undefined, "a")).toBe("a");
  expect(toggle("a", "b")).toBe("a,b");
  expect(toggle("a,b", "a")).toBe("b");
  expect(toggle("a", "a")).toBeUndefined();
});

test("the filter button counts only filters", () => {
  expect(countFilters({ view: "open", q: "x", order: "WINDOW" })).toBe(0);
  expect(countFilters({ read: "no", tags: "a" })).toBe(2);
});

describe("a changed row in the list", () => {
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
  test("a row matches when every filter holds", () =>
    expect(matches(row, { status: "OPEN", read: false, tags: ["vip", "late"], ownerIds: ["usr_1"] })).toBe(true));
  test("a row does not match when one filter fails", () => {
    expect(matches(row, { ownerIds: ["usr_2"] })).toBe(false);
    expect(matches(row, { queueIds: ["que_1"] })).toBe(false);
    expect(matches(row, { tags: ["vip", "late"], tagsMatch: "ALL" })).toBe(false);
  });
  test("no row matches while a search text is set", () => expect(matches(row, { search: "ada" })).toBe(false));
});
