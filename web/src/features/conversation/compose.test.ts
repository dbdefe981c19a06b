import { expect, test } from "vitest";
import { insert, modesOf, tooMany } from "./compose";

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
  expect(tooMany("🙂".repeat(4096), false)).toBe(0);
  expect(tooMany("a".repeat(4099), false)).toBe(3);
});

test("words under a file are a caption, and shorter", () => {
  expect(tooMany("a".repeat(1024), true)).toBe(0);
  expect(tooMany("a".repeat(1026), true)).toBe(2);
});
