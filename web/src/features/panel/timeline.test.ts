import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { reasonText } from "@/lib/reasonText";
import { condense, type Step, stepReason, stepText, withNames } from "./timeline";

let t: TFunction;
beforeAll(async () => {
  t = await i18next.createInstance().init({
    lng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

const anna = { id: "a", name: "Anna" };
const ben = { id: "b", name: "Ben" };
const groups = { id: "q", name: "Groups" };
const step = (code: string, more: Partial<Step> = {}) =>
  ({
    id: code,
    at: "2026-05-04T10:00:00Z",
    code,
    reason: null,
    seconds: null,
    by: null,
    agents: [],
    queue: null,
    ...more,
  }) as Step;
const texts = (...steps: Step[]) => condense(steps).map((s) => stepText(s, t));

test("the new owner is named before the previous one", () => {
  expect(texts(step("OWNER_CHANGED", { by: ben, agents: [anna] }))).toEqual(["Ben took it over from Anna"]);
});

test("a returned transfer is one line with its target and reason", () => {
  const lines = texts(
    step("TRANSFER_REQUESTED", { by: anna, queue: groups }),
    step("TRANSFER_OFFERED", { by: anna, queue: groups }),
    step("TRANSFER_REFUSED", { reason: "NO_ONE_AVAILABLE" }),
    step("TRANSFER_ENDED", { reason: "REFUSED" }),
    step("RETURNED_UNREAD", { agents: [anna], reason: "TRANSFER_ENDED" }),
  );
  expect(lines).toEqual(["Anna started a transfer to Groups", "Transfer to Groups ended: no one was available"]);
});

test("an accepted transfer is shown once", () => {
  const lines = texts(
    step("TRANSFER_REQUESTED", { by: anna, agents: [ben] }),
    step("TRANSFER_OFFERED", { by: anna, agents: [ben] }),
    step("TRANSFER_ACCEPTED", { by: ben }),
    step("OWNER_CHANGED", { by: ben, agents: [anna] }),
  );
  expect(lines).toEqual(["Anna started a transfer to Ben", "Ben took it over from Anna"]);
});

test("a settled message says who settled it and how", () => {
  const settled = step("MESSAGE_SETTLED", { by: anna, reason: "FAILED" });
  expect(texts(settled)).toEqual(["Anna settled a message of unknown delivery"]);
  expect(stepReason(settled, t)).toBe("marked as not sent");
});

test("the last link and the last disposition are named", () => {
  const steps = [step("CONTACT_LINKED"), step("DISPOSED", { by: anna }), step("DISPOSED", { by: ben })];
  const i = { contact: { id: "c", displayName: "Emily Hart" }, disposition: ["Sold", "Flight"] };
  expect(withNames(steps, i).map((s) => stepText(s, t))).toEqual([
    "Linked to Emily Hart",
    "Anna set the disposition",
    "Ben set Sold › Flight",
  ]);
  expect(withNames(steps, { contact: null, disposition: [] }).map((s) => stepText(s, t))).toEqual([
    "Linked to a contact",
    "Anna set the disposition",
    "Ben set the disposition",
  ]);
});

test.each([
  "EXPIRED",
  "CANCELLED",
  "REFUSED",
  "VOIDED",
  "ALL_REJECTED",
  "NO_ONE_AVAILABLE",
  "INTERACTION_MOVED_ON",
  "TRANSFER_ENDED",
  "MARKED",
  "SENT",
  "FAILED",
  "SUPERVISOR",
  "OWNER_GONE",
  "OWNER_SILENT",
  "OWNER_SIGNED_OUT",
  "OWNER_REMOVED",
])("%s has a text in both languages", (code) => {
  expect(reasonText(code, t)).not.toContain("_");
  expect(Object.keys(en.timeline.reasons)).toContain(code);
  expect(Object.keys(italian.timeline.reasons)).toContain(code);
});
