import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { failureText, unsupportedText } from "./failure";

let t: TFunction;
beforeAll(async () => {
  t = await i18next.createInstance().init({
    lng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

test("a known reason is translated and hides the provider's text", () => {
  const words = failureText({ reason: "CUSTOMER_UNREACHABLE", code: "131026", detail: "Undeliverable" }, t);
  expect(words).toBe(en.failure.CUSTOMER_UNREACHABLE);
});

test("an unknown code is shown with the provider's text", () => {
  expect(failureText({ reason: "OTHER", code: "999", detail: "Odd thing" }, t)).toContain("999 (Odd thing)");
  expect(failureText({ reason: "OTHER", code: "999", detail: null }, t)).toMatch(/999$/);
});

test("a message that cannot be shown says what kind it is", () => {
  expect(unsupportedText("poll_creation", t)).toBe("Poll: can't be shown here");
  expect(unsupportedText("moon_picture", t)).toBe("moon picture: can't be shown here");
});

test("a message of no known kind says only that it cannot be shown", () => {
  expect(unsupportedText("unsupported", t)).toBe(en.failure.CONTENT_UNSUPPORTED);
  expect(unsupportedText(null, t)).toBe(en.failure.CONTENT_UNSUPPORTED);
});
