import { describe, expect, test } from "vitest";
import { caps, chord, isTyping, keymap } from "./keys";

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  chord({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("the words for what was pressed", () => {
  test("a letter alone", () => expect(press("a")).toBe("a"));
  test("a capital is shift and the letter", () => expect(press("E", { shiftKey: true })).toBe("shift+e"));
  test("a sign that needs shift on some keyboards is just the sign", () =>
    expect(press("?", { shiftKey: true })).toBe("?"));
  test("command and control are the same key", () => {
    expect(press("k", { metaKey: true })).toBe("mod+k");
    expect(press("k", { ctrlKey: true })).toBe("mod+k");
  });
});

test("no two things share a key", () => {
  const all = Object.values(keymap).map((k) => k.keys);
  expect(new Set(all).size).toBe(all.length);
});

test("single keys stay out of text fields but not out of checkboxes", () => {
  const field = document.createElement("input");
  expect(isTyping(field)).toBe(true);
  expect(isTyping(document.createElement("textarea"))).toBe(true);
  field.type = "checkbox";
  expect(isTyping(field)).toBe(false);
  expect(isTyping(document.createElement("button"))).toBe(false);
});

test("key caps speak the machine's language", () => {
  expect(caps("palette", true)).toEqual(["⌘", "K"]);
  expect(caps("palette", false)).toEqual(["Ctrl", "K"]);
  expect(caps("goDashboard", false)).toEqual(["G", "D"]);
});
