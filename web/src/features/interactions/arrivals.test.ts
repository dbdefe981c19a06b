import { describe, expect, test } from "vitest";
import { collect } from "./arrivals";

const row = (id: string, minute: number) => ({
  id,
  lastMessageAt: `2026-03-01T10:0${minute}:00Z`,
  startedAt: "2026-03-01T09:00:00Z",
});
const shown = [row("a", 5), row("b", 4), row("c", 3)];
const none: ReadonlySet<string> = new Set();

describe("rows collected above the list", () => {
  test("a row missing from the list is collected", () =>
    expect([...collect(none, [row("d", 6)], shown, "LAST_MESSAGE")]).toEqual(["d"]));
  test("a row that would move up is collected", () =>
    expect([...collect(none, [row("c", 6)], shown, "LAST_MESSAGE")]).toEqual(["c"]));
  test("a row that keeps its place is not collected", () => {
    expect(collect(none, [row("a", 6)], shown, "LAST_MESSAGE").size).toBe(0);
    expect(collect(none, [row("c", 3)], shown, "LAST_MESSAGE").size).toBe(0);
  });
  test("new messages move nothing in a list ordered by start", () =>
    expect(collect(none, [row("c", 6)], shown, "STARTED").size).toBe(0));
  test("the same row is collected only once", () => {
    const once = collect(none, [row("d", 6)], shown, "LAST_MESSAGE");
    expect(collect(once, [row("d", 7)], shown, "LAST_MESSAGE")).toBe(once);
  });
});
