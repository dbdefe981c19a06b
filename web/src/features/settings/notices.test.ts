import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { noticeTitle } from "./notices";

let t: TFunction;
beforeAll(async () => {
  const resources = { en: { translation: en } };
  t = await i18next.createInstance().init({ lng: "en", resources, interpolation: { escapeValue: false } });
});

test("a notice says what it is about and what happened", () => {
  const notice = { field: "account_update", event: "ACCOUNT_VIOLATION", template: null };
  expect(noticeTitle(notice, t)).toBe("Account: account violation");
});

test("a notice about a template names it", () => {
  const notice = { field: "message_template_quality_update", event: "YELLOW", template: "order_update en_US" };
  expect(noticeTitle(notice, t)).toBe("Template quality: yellow (order_update en_US)");
});

test("a kind of notice that is new shows the provider's word", () => {
  expect(noticeTitle({ field: "brand_new_update", event: null, template: null }, t)).toBe("brand new update");
});
