import { expect, test } from "vitest";
import { changes, edits, sameEdits, undoOf } from "./changes";

const before = {
  id: "con_1",
  firstName: "Ada",
  lastName: "B••••••",
  phones: ["39••••••12"],
  emails: ["a@example.org"],
  tags: ["vip"],
  fields: [{ key: "city", label: "City", value: "Rome" }],
};
const shown: Record<string, string> = {
  firstName: "Ada",
  lastName: "B••••••",
  phones: "39••••••12",
  emails: "a@example.org",
  tags: "vip",
  "field.city": "Rome",
};
const form =
  (more: Record<string, string> = {}) =>
  (key: string) =>
    ({ ...shown, ...more })[key] ?? "";

test("unchanged fields are left out, so a mask is never written back", () => {
  expect(changes(before, form())).toEqual({});
  expect(changes(before, form({ firstName: "Ida", "field.city": "Turin" }))).toEqual({
    firstName: "Ida",
    fields: [{ key: "city", value: "Turin" }],
  });
});

test("clearing a field is a change", () =>
  expect(changes(before, form({ emails: "", tags: "" }))).toEqual({ emails: [], tags: [] }));

test("an undo restores only what was changed", () => {
  const made = changes(before, form({ firstName: "Ida", tags: "", phones: "39333\n39334", "field.city": "Turin" }));
  expect(undoOf(before, made)).toEqual({
    firstName: "Ada",
    tags: ["vip"],
    phones: ["39••••••12"],
    fields: [{ key: "city", value: "Rome" }],
  });
});

test("a draft holds the edited fields only, as they were typed", () => {
  expect(edits(before, form())).toEqual([]);
  const made = edits(before, form({ phones: "39333\n393", "field.city": "" }));
  expect(made).toEqual([
    { key: "phones", value: "39333\n393" },
    { key: "field.city", value: "" },
  ]);
  expect(sameEdits(made, [...made])).toBe(true);
  expect(sameEdits(made, made.slice(1))).toBe(false);
});
