import { beforeEach, describe, expect, test } from "vitest";
import { createRinger } from "./ring";

let rung: string[];
let looking: boolean;
let tick: (() => void) | null;

const start = () =>
  createRinger({
    ring: (id) => rung.push(id),
    looking: () => looking,
    every: (_, run) => {
      tick = run;
      return () => {
        tick = null;
      };
    },
  });

beforeEach(() => {
  rung = [];
  looking = false;
  tick = null;
});

describe("the ring of an offer", () => {
  test("an offer rings at once and again until it is answered", () => {
    const r = start();
    r.update(["a"]);
    tick?.();
    expect(rung).toEqual(["a", "a"]);
    r.update([]);
    expect(tick).toBeNull();
  });
  test("each offer rings once, however often the screen renders", () => {
    const r = start();
    r.update(["a"]);
    r.update(["a"]);
    r.update(["a", "b"]);
    expect(rung).toEqual(["a", "b"]);
  });
  test("while the agent is active only a new offer rings", () => {
    const r = start();
    looking = true;
    r.update(["a"]);
    r.touched();
    tick?.();
    expect(rung).toEqual(["a"]);
    r.update(["a", "b"]);
    tick?.();
    expect(rung).toEqual(["a", "b", "a"]);
  });
  test("an offer that returns rings again", () => {
    const r = start();
    r.update(["a"]);
    r.update([]);
    r.update(["a"]);
    expect(rung).toEqual(["a", "a"]);
  });
});
