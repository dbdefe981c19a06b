import { describe, expect, test } from "vitest";
import { fill, insert, modesOf, tooMany } from "./compose";

test("what may be written follows the allowed actions, the customer first", () => {
  expect(modesOf(["NOTE", "REPLY", "CLOSE"])).toEqual(["reply", "note"]);
  expect(modesOf(["WHISPER"])).toEqual(["whisper"]);
  expect(modesOf([])).toEqual([]);
});

test("words go where the caret is, in place of what is selected", () => {
  expect(insert("good day", "🙂", 4, 4)).toEqual({ text: "good🙂 day", caret: 6 });
  expect(insert("good day", "bad", 0, 4)).toEqual({ text: "bad day", caret: 3 });
});

test("an emoji of several code units is counted fairly", () => {
  expect(tooMany("🙂".repeat(4096))).toBe(0);
  expect(tooMany("a".repeat(4099))).toBe(3);
});

describe("a canned answer", () => {
  const values = { customer: "Ada Bianchi", firstName: "Ada", agent: "Ben" };
  test("gets its variables filled", () =>
    expect(fill("Hello {{customer.firstName}}, I am {agent}.", values)).toBe("Hello Ada, I am Ben."));
  test("keeps one nobody knows, to be seen before it is sent", () =>
    expect(fill("Order {{order.number}}", values)).toBe("Order {{order.number}}"));
});
