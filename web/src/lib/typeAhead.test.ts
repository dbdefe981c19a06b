// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { startTypeAhead, takeTypedText } from "./typeAhead";

const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
};
const command = vi.fn();
window.addEventListener("keydown", command);
afterEach(() => {
  takeTypedText();
  command.mockReset();
});

test("text typed before its field appears runs no shortcut and is kept", () => {
  startTypeAhead(() => {});
  for (const key of ["a", "n", "x", "Backspace", "n", "Enter"]) press(key);
  expect(command).not.toHaveBeenCalled();
  expect(takeTypedText()).toBe("ann");
  press("a");
  expect(command).toHaveBeenCalledTimes(1);
  expect(takeTypedText()).toBe("");
});

test("Escape cancels and single keys are shortcuts again", () => {
  const onCancel = vi.fn();
  startTypeAhead(onCancel);
  press("a");
  press("Escape");
  expect(onCancel).toHaveBeenCalledTimes(1);
  press("x");
  expect(command).toHaveBeenCalledTimes(1);
});

test("shortcuts of the browser pass through", () => {
  startTypeAhead(() => {});
  press("r", { ctrlKey: true });
  expect(command).toHaveBeenCalledTimes(1);
});
