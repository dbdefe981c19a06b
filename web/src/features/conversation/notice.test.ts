import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { noticeText } from "./notice";

let t: TFunction;
beforeAll(async () => {
  t = await i18next.createInstance().init({ lng: "en", resources: { en: { translation: en } } });
});

test("a change of the customer's number is named, in the older and the newer terms", () => {
  expect(noticeText("user_changed_number", t)).toBe(en.conversation.notice.number);
  expect(noticeText("customer_changed_number", t)).toBe(en.conversation.notice.number);
  expect(noticeText("user_identity_changed", t)).toBe(en.conversation.notice.identity);
});

test("an unknown notice keeps the provider's words", () => {
  expect(noticeText("moon_phase", t)).toBeNull();
  expect(noticeText(null, t)).toBeNull();
});
