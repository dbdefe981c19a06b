import { describe, expect, test } from "vitest";
import { gather } from "./arrivals";

const row = (id: string, minute: number) => ({
  id,
  lastMessageAt: `2026-03-01T10:0${minute}:00Z`,
  startedAt: "2026-03-01T09:00:00Z",
});
const shown = [row("a", 5), row("b", 4), row("c", 3)];
const none: ReadonlySet<string> = new Set();

describe("what gathers above the list", () => {
  test("a row that is not in it", () => expect([...gather(none, [row("d", 6)], shown, "LAST_MESSAGE")]).toEqual(["d"]));
  test("a row that would move up", () =>
    expect([...gather(none, [row("c", 6)], shown, "LAST_MESSAGE")]).toEqual(["c"]));
  test("not a row that stays where it is", () => {
    expect(gather(none, [row("a", 6)], shown, "LAST_MESSAGE").size).toBe(0);
    expect(gather(none, [row("c", 3)], shown, "LAST_MESSAGE").size).toBe(0);
  });
  test("new messages move nothing when sessions are ordered by their start", () =>
    expect(gather(none, [row("c", 6)], shown, "STARTED").size).toBe(0));
  test("the same row twice is one", () => {
    const once = gather(none, [row("d", 6)], shown, "LAST_MESSAGE");
    expect(gather(once, [row("d", 7)], shown, "LAST_MESSAGE")).toBe(once);
  });
});
