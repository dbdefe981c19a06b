import { expect, test } from "vitest";
import { excess, insert, modesOf } from "./compose";

test("the modes follow the allowed actions, replies first", () => {
  expect(modesOf(["NOTE", "REPLY", "CLOSE"], false)).toEqual(["reply", "note"]);
  expect(modesOf(["WHISPER"], false)).toEqual(["whisper"]);
  expect(modesOf([], false)).toEqual([]);
});

test("an owner whose reply window is closed is told so where they would reply", () => {
  expect(modesOf(["NOTE", "CLOSE"], true)).toEqual(["reply", "note"]);
});

test("inserted text replaces the selection at the caret", () => {
  expect(insert("good day", "🙂", 4, 4)).toEqual({ text: "good🙂 day", caret: 6 });
  expect(insert("good day", "bad", 0, 4)).toEqual({ text: "bad day", caret: 3 });
});

test("an emoji of several code units counts as one character", () => {
  expect(excess("🙂".repeat(4096), false)).toBe(0);
  expect(excess("a".repeat(4099), false)).toBe(3);
});

test("a caption has a lower limit than a text", () => {
  expect(excess("a".repeat(1024), true)).toBe(0);
  expect(excess("a".repeat(1026), true)).toBe(2);
});
