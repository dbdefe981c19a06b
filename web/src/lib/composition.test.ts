import { expect, test } from "vitest";
import { compositionEnded, isComposing } from "./composition";

const enter = (more: Partial<KeyboardEvent> = {}) => ({ isComposing: false, keyCode: 13, timeStamp: 5000, ...more });

test("a key pressed during a composition belongs to the input method", () => {
  expect(isComposing(enter({ isComposing: true }))).toBe(true);
  expect(isComposing(enter())).toBe(false);
});

test("Safari's Enter that ends a composition comes after it, with key code 229", () => {
  compositionEnded({ timeStamp: 4000 });
  expect(isComposing(enter({ keyCode: 229 }))).toBe(true);
});

test("an Enter reported right after the end of a composition is the one that ended it; the next one is not", () => {
  compositionEnded({ timeStamp: 4998 });
  expect(isComposing(enter())).toBe(true);
  expect(isComposing(enter({ timeStamp: 5060 }))).toBe(false);
});

test("an Enter well after a composition is the agent's own", () => {
  compositionEnded({ timeStamp: 4700 });
  expect(isComposing(enter())).toBe(false);
});
