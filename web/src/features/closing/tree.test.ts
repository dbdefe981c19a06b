import { expect, test } from "vitest";
import { byScope, levels, type Outcome } from "./tree";

const outcome = (id: string, parentId: string | null = null, scope: Outcome["scope"] = "GLOBAL"): Outcome => ({
  id,
  label: id,
  parentId,
  level: 1,
  scope,
});
const all = [
  outcome("sold"),
  outcome("online", "sold"),
  outcome("card", "online"),
  outcome("deeper", "card"),
  outcome("lost", null, "QUEUE"),
];
const ids = (lists: Outcome[][]) => lists.map((l) => l.map((o) => o.id));

test("each choice opens the level below it, three at most (R67)", () => {
  expect(ids(levels(all, []))).toEqual([["sold", "lost"]]);
  expect(ids(levels(all, ["sold"]))).toEqual([["sold", "lost"], ["online"]]);
  expect(ids(levels(all, ["sold", "online", "card"]))).toEqual([["sold", "lost"], ["online"], ["card"]]);
  expect(ids(levels(all, ["lost"]))).toEqual([["sold", "lost"]]);
});

test("outcomes are shown under where they come from", () => {
  expect(byScope(all.slice(0, 1).concat(all.slice(4))).map(([s]) => s)).toEqual(["QUEUE", "GLOBAL"]);
});
