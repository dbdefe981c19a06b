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

describe("the sound of an offer (R2)", () => {
  test("rings at once, and again until it is answered", () => {
    const r = start();
    r.update(["a"]);
    tick?.();
    expect(rung).toEqual(["a", "a"]);
    r.update([]);
    expect(tick).toBeNull();
  });
  test("rings once for each offer, however often the screen is drawn", () => {
    const r = start();
    r.update(["a"]);
    r.update(["a"]);
    r.update(["a", "b"]);
    expect(rung).toEqual(["a", "b"]);
  });
  test("falls quiet when the agent is at the screen, until the next offer", () => {
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
  test("an offer that comes back rings anew", () => {
    const r = start();
    r.update(["a"]);
    r.update([]);
    r.update(["a"]);
    expect(rung).toEqual(["a", "a"]);
  });
});
