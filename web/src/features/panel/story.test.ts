import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { reasonWords, type Step, told, words } from "./story";

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
const tell = (...steps: Step[]) => told(steps).map((s) => words(s, t));

test("who took it over is named before who had it", () => {
  expect(tell(step("OWNER_CHANGED", { by: ben, agents: [anna] }))).toEqual(["Ben took it over from Anna"]);
});

test("a transfer that came back is one line, with where it had gone to and why", () => {
  const lines = tell(
    step("TRANSFER_REQUESTED", { by: anna, queue: groups }),
    step("TRANSFER_OFFERED", { by: anna, queue: groups }),
    step("TRANSFER_REFUSED", { reason: "NOBODY_ONLINE" }),
    step("TRANSFER_ENDED", { reason: "REFUSED" }),
    step("RETURNED_UNREAD", { agents: [anna], reason: "TRANSFER_ENDED" }),
  );
  expect(lines).toEqual(["Anna asked to transfer it to Groups", "The transfer to Groups came back: nobody was online"]);
});

test("an accepted transfer is told once", () => {
  const lines = tell(
    step("TRANSFER_REQUESTED", { by: anna, agents: [ben] }),
    step("TRANSFER_OFFERED", { by: anna, agents: [ben] }),
    step("TRANSFER_ACCEPTED", { by: ben }),
    step("OWNER_CHANGED", { by: ben, agents: [anna] }),
  );
  expect(lines).toEqual(["Anna asked to transfer it to Ben", "Ben took it over from Anna"]);
});

test.each([
  "EXPIRED",
  "CANCELLED",
  "REFUSED",
  "VOIDED",
  "ALL_REJECTED",
  "NOBODY_ONLINE",
  "INTERACTION_MOVED_ON",
  "TRANSFER_ENDED",
  "MARKED",
  "SUPERVISOR",
  "OWNER_GONE",
  "OWNER_SILENT",
  "OWNER_SIGNED_OUT",
])("%s is said in words, in both languages", (code) => {
  expect(reasonWords(code, t)).not.toContain("_");
  expect(Object.keys(en.story.reasons)).toContain(code);
  expect(Object.keys(italian.story.reasons)).toContain(code);
});
