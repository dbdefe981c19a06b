// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { chord, isTyping, keyLabels, keymap } from "./keys";

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  chord({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("the notation of pressed keys", () => {
  test("a letter on its own", () => expect(press("a")).toBe("a"));
  test("a capital is shift plus the letter", () => expect(press("E", { shiftKey: true })).toBe("shift+e"));
  test("a symbol that needs shift on some keyboards is just the symbol", () =>
    expect(press("?", { shiftKey: true })).toBe("?"));
  test("command and control are the same key", () => {
    expect(press("k", { metaKey: true })).toBe("mod+k");
    expect(press("k", { ctrlKey: true })).toBe("mod+k");
  });
});

test("no two shortcuts share a key", () => {
  const all = Object.values(keymap).map((k) => k.keys);
  expect(new Set(all).size).toBe(all.length);
});

test("single keys type in text fields but not in check boxes", () => {
  const field = document.createElement("input");
  expect(isTyping(field)).toBe(true);
  expect(isTyping(document.createElement("textarea"))).toBe(true);
  field.type = "checkbox";
  expect(isTyping(field)).toBe(false);
  expect(isTyping(document.createElement("button"))).toBe(false);
});

test("key labels follow the platform", () => {
  expect(keyLabels("palette", true)).toEqual(["⌘", "K"]);
  expect(keyLabels("palette", false)).toEqual(["Ctrl", "K"]);
  expect(keyLabels("goDashboard", false)).toEqual(["G", "D"]);
});
