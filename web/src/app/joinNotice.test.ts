import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { joinNotice } from "./joinNotice";

const t = ((key: string, values: { name: string }) => `${key} ${values.name}`) as unknown as TFunction;
const session = {
  owner: { id: "anna" },
  customer: { displayName: "Ida Berg" },
  joinedInto: { reason: "WROTE_LAST" as const, at: "", interaction: null, keeper: { id: "ben", name: "Ben" } },
};

test("an agent is told who continues with their customer, and why", () => {
  expect(joinNotice(session, "anna", t)).toBe("Ida Berg: joining.lost.WROTE_LAST Ben");
});

test("no one else is told, nor an agent who owns both sessions", () => {
  expect(joinNotice(session, "cho", t)).toBeNull();
  const keeper = { id: "anna", name: "Anna" };
  expect(joinNotice({ ...session, joinedInto: { ...session.joinedInto, keeper } }, "anna", t)).toBeNull();
  expect(joinNotice({ ...session, joinedInto: null }, "anna", t)).toBeNull();
});
