// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { acceptedByButton, arrived, awaitConversation, isWaiting, stopWaiting } from "./accepted";
import { listen } from "./useKey";

const close = vi.fn();
const accept = vi.fn();
const type = (text: string) => {
  for (const key of text) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
};
let ends: (() => void)[] = [];
beforeEach(() => {
  ends = [listen("close", close), listen("accept", accept)];
});
afterEach(() => {
  stopWaiting();
  for (const end of ends) end();
  vi.resetAllMocks();
});

describe("letters typed after an accept", () => {
  test("after a click they close nothing and go to the text box of the conversation", () => {
    awaitConversation("int_2", "button");
    type("hello there");
    expect(close).not.toHaveBeenCalled();
    expect(acceptedByButton("int_2")).toBe(true);
    expect(arrived("int_1")).toBeNull();
    expect(arrived("int_2")).toBe("hello there");
    expect(isWaiting()).toBe(false);
  });
  test("after the A key they run no command on the conversation before, but A accepts the next offer", () => {
    awaitConversation("int_2", "key");
    type("e");
    expect(close).not.toHaveBeenCalled();
    type("a");
    expect(accept).toHaveBeenCalledTimes(1);
    expect(arrived("int_2")).toBeNull();
    type("e");
    expect(close).toHaveBeenCalledTimes(1);
  });
  test("a refused accept gives the keyboard back", () => {
    awaitConversation("int_2", "button");
    type("x");
    stopWaiting();
    expect(arrived("int_2")).toBeNull();
    type("e");
    expect(close).toHaveBeenCalledTimes(1);
  });
  test("a click elsewhere ends the wait", () => {
    awaitConversation("int_2", "button");
    window.dispatchEvent(new Event("pointerdown"));
    expect(isWaiting()).toBe(false);
  });
});

describe("letters typed where no text field has the focus", () => {
  test("E on its own closes, E in the middle of a word does not", () => {
    type("e");
    expect(close).toHaveBeenCalledTimes(1);
    type("be");
    expect(close).toHaveBeenCalledTimes(1);
  });
});
