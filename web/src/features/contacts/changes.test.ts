import { expect, test } from "vitest";
import { changes, undone } from "./changes";

const before = {
  id: "con_1",
  firstName: "Ada",
  lastName: "B••••••",
  phones: ["39••••••12"],
  mails: ["a@example.org"],
  tags: ["vip"],
  fields: [{ key: "city", label: "City", value: "Rome" }],
};
const shown: Record<string, string> = {
  firstName: "Ada",
  lastName: "B••••••",
  phones: "39••••••12",
  mails: "a@example.org",
  tags: "vip",
  "field.city": "Rome",
};
const form =
  (more: Record<string, string> = {}) =>
  (key: string) =>
    ({ ...shown, ...more })[key] ?? "";

test("what was left as it was shown is left out, so a mask is never written back (A16)", () => {
  expect(changes(before, form())).toEqual({});
  expect(changes(before, form({ firstName: "Ida", "field.city": "Turin" }))).toEqual({
    firstName: "Ida",
    fields: [{ key: "city", value: "Turin" }],
  });
});

test("emptying a field is a change", () =>
  expect(changes(before, form({ mails: "", tags: "" }))).toEqual({ mails: [], tags: [] }));

test("an undo puts back what was changed, and nothing else", () => {
  const made = changes(before, form({ firstName: "Ida", tags: "", phones: "39333\n39334", "field.city": "Turin" }));
  expect(undone(before, made)).toEqual({
    firstName: "Ada",
    tags: ["vip"],
    phones: ["39••••••12"],
    fields: [{ key: "city", value: "Rome" }],
  });
});
