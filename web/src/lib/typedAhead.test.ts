import { afterEach, expect, test, vi } from "vitest";
import { takeTyped, typeAhead } from "./typedAhead";

const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
};
const command = vi.fn();
window.addEventListener("keydown", command);
afterEach(() => {
  takeTyped();
  command.mockReset();
});

test("what is typed before its field is there runs no command and is kept", () => {
  typeAhead(() => {});
  for (const key of ["a", "n", "x", "Backspace", "n", "Enter"]) press(key);
  expect(command).not.toHaveBeenCalled();
  expect(takeTyped()).toBe("ann");
  press("a");
  expect(command).toHaveBeenCalledTimes(1);
  expect(takeTyped()).toBe("");
});

test("Escape gives the field up, and keys are commands again", () => {
  const givenUp = vi.fn();
  typeAhead(givenUp);
  press("a");
  press("Escape");
  expect(givenUp).toHaveBeenCalledTimes(1);
  press("x");
  expect(command).toHaveBeenCalledTimes(1);
});

test("keys that belong to the browser pass", () => {
  typeAhead(() => {});
  press("r", { ctrlKey: true });
  expect(command).toHaveBeenCalledTimes(1);
});
