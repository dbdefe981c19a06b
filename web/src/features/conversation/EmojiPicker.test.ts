import { expect, test } from "vitest";
import { step } from "./EmojiPicker";

test("arrow keys move in rows of eight and stop at the ends", () => {
  expect(step(0, "ArrowRight", 20)).toBe(1);
  expect(step(0, "ArrowLeft", 20)).toBe(0);
  expect(step(3, "ArrowDown", 20)).toBe(11);
  expect(step(11, "ArrowUp", 20)).toBe(3);
  expect(step(15, "ArrowDown", 20)).toBe(15);
  expect(step(5, "a", 20)).toBe(5);
});
