import i18next, { type TFunction } from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { callPermissionText } from "./call";

let t: TFunction;
beforeAll(async () => {
  const resources = { en: { translation: en } };
  t = await i18next.createInstance().init({ lng: "en", resources, interpolation: { escapeValue: false } });
});

describe("the answer to a request to call in words", () => {
  test("a refusal says that calls are not allowed", () => {
    expect(callPermissionText({ granted: false, permanent: false, until: null }, t, "en")).toBe("Calls not allowed");
  });
  test("a permission for some days says until when", () => {
    const until = "2026-08-06T08:00:00Z";
    expect(callPermissionText({ granted: true, permanent: false, until }, t, "en")).toMatch(/^Calls allowed until Aug/);
  });
  test("a permission for good has no end", () => {
    expect(callPermissionText({ granted: true, permanent: true, until: null }, t, "en")).toBe("Calls allowed");
  });
});
