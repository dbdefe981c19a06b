import i18next, { type TFunction } from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { callText } from "./call";

let t: TFunction;
beforeAll(async () => {
  const resources = { en: { translation: en } };
  t = await i18next.createInstance().init({ lng: "en", resources, interpolation: { escapeValue: false } });
});

describe("a call in words", () => {
  test("a customer's call that no one answered is a missed call", () => {
    expect(callText({ outcome: "MISSED" }, true, t)).toBe("Missed call");
  });
  test("an answered call says how long it took", () => {
    expect(callText({ outcome: "ANSWERED", seconds: 125 }, true, t)).toBe("Call, 2:05");
  });
  test("our own call that the customer did not answer is not missed by us", () => {
    expect(callText({ outcome: "MISSED" }, false, t)).toBe("Call not answered");
  });
});
