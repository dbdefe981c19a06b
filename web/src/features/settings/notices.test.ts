import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { noticeTitle, noticeTone } from "./notices";

let t: TFunction;
let inItalian: TFunction;
beforeAll(async () => {
  const resources = { en: { translation: en }, it: { translation: italian } };
  const translator = i18next.createInstance();
  t = await translator.init({ lng: "en", resources, interpolation: { escapeValue: false } });
  inItalian = translator.getFixedT("it");
});

test("a notice says what it is about and what happened", () => {
  const notice = { field: "account_update", event: "ACCOUNT_VIOLATION", template: null };
  expect(noticeTitle(notice, t)).toBe("Account: policy violation");
  expect(noticeTitle(notice, inItalian)).toBe("Account: violazione delle norme");
});

test("a notice about a template names it", () => {
  const notice = { field: "message_template_quality_update", event: "YELLOW", template: "order_update en_US" };
  expect(noticeTitle(notice, t)).toBe("Template quality: medium (order_update en_US)");
});

test("a kind of notice that is new shows the provider's word", () => {
  expect(noticeTitle({ field: "brand_new_update", event: null, template: null }, t)).toBe("brand new update");
});

test("a kind of event that is new shows the provider's words", () => {
  const notice = { field: "account_update", event: "SOMETHING_NEW", template: null };
  expect(noticeTitle(notice, inItalian)).toBe("Account: something new");
});

test("bad news and good news differ in colour", () => {
  expect(noticeTone("ACCOUNT_VIOLATION")).toBe("danger");
  expect(noticeTone("YELLOW")).toBe("warn");
  expect(noticeTone("APPROVED")).toBe("good");
  expect(noticeTone(null)).toBe("plain");
});
