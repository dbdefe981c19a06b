import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKeeper } from "./keeper";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const same = (a: string, b: string) => a === b;

test("what is written is saved once, after the last key", async () => {
  const save = vi.fn(async () => true);
  const keeper = createKeeper<string>("", same, save);
  for (const text of ["b", "br", "bri"]) keeper.change(text);
  await vi.runAllTimersAsync();
  expect(save.mock.calls).toEqual([["bri"]]);
});

test("leaving saves at once what is not saved yet, and nothing twice", async () => {
  const save = vi.fn(async () => true);
  const keeper = createKeeper<string>("", same, save);
  keeper.change("half a note");
  await keeper.flush();
  await keeper.flush();
  await vi.runAllTimersAsync();
  expect(save.mock.calls).toEqual([["half a note"]]);
});

test("what the server has is not saved again", async () => {
  const save = vi.fn(async () => true);
  const keeper = createKeeper<string>("as before", same, save);
  keeper.change("as before");
  await keeper.flush();
  expect(save).not.toHaveBeenCalled();
});

test("a save that failed is tried again", async () => {
  const save = vi.fn(async () => save.mock.calls.length > 2);
  const keeper = createKeeper<string>("", same, save);
  keeper.change("note");
  await vi.runAllTimersAsync();
  expect(save).toHaveBeenCalledTimes(3);
});
