import { expect, test } from "vitest";
import { byScope, type Disposition, levels } from "./tree";

const disposition = (
  id: string,
  parentId: string | null = null,
  scope: Disposition["scope"] = "GLOBAL",
): Disposition => ({
  id,
  label: id,
  parentId,
  level: 1,
  scope,
});
const all = [
  disposition("sold"),
  disposition("online", "sold"),
  disposition("card", "online"),
  disposition("deeper", "card"),
  disposition("lost", null, "QUEUE"),
];
const ids = (lists: Disposition[][]) => lists.map((l) => l.map((o) => o.id));

test("each choice opens the level below it, at most three", () => {
  expect(ids(levels(all, []))).toEqual([["sold", "lost"]]);
  expect(ids(levels(all, ["sold"]))).toEqual([["sold", "lost"], ["online"]]);
  expect(ids(levels(all, ["sold", "online", "card"]))).toEqual([["sold", "lost"], ["online"], ["card"]]);
  expect(ids(levels(all, ["lost"]))).toEqual([["sold", "lost"]]);
});

test("dispositions are grouped by scope", () => {
  expect(byScope(all.slice(0, 1).concat(all.slice(4))).map(([s]) => s)).toEqual(["QUEUE", "GLOBAL"]);
});
