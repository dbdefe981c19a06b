import i18next from "i18next";
import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { pauseReason, pauseReasonFrom } from "./pauseReason";

const resources = { en: { translation: en }, it: { translation: italian } };
const translator = i18next.createInstance();
await translator.init({ lng: "en", resources });
const t = translator.t;
const inItalian = translator.getFixedT("it");

test("a built-in pause reason is shown in the user's language", () => {
  expect(pauseReason("LUNCH", t)).toBe("Lunch");
  expect(pauseReason("LUNCH", inItalian)).toBe("Pranzo");
});

test("a built-in pause reason written in any language is stored as its code", () => {
  expect(pauseReasonFrom("Lunch", t)).toBe("LUNCH");
  expect(pauseReasonFrom("Pranzo", inItalian)).toBe("LUNCH");
});

test("a pause reason that an administrator added stays as it was written", () => {
  expect(pauseReason("Back office", inItalian)).toBe("Back office");
  expect(pauseReasonFrom("Back office", inItalian)).toBe("Back office");
});
