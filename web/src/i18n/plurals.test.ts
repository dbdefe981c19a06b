// @vitest-environment jsdom
import i18next from "i18next";
import { afterEach, expect, test, vi } from "vitest";
import { en } from "./en";
import { startLanguage } from "./index";
import type { Language } from "./language";
import { languages } from "./languages";

/** Invented translations into languages with more plural forms than English. Other strings stay English. */
const polish: Language = {
  ...en,
  common: { ...en.common, save: "Zapisz" },
  list: {
    ...en.list,
    new_one: "{{count}} nowa",
    new_few: "{{count}} nowe",
    new_many: "{{count}} nowych",
    new_other: "{{count}} nowej",
  },
};
const arabic: Language = {
  ...en,
  list: {
    ...en.list,
    new_zero: "لا جديد",
    new_one: "واحدة",
    new_two: "اثنتان",
    new_few: "قليل {{count}}",
    new_many: "كثير {{count}}",
    new_other: "غير ذلك {{count}}",
  },
};

async function start(wanted: string[]): Promise<typeof i18next> {
  vi.stubGlobal("navigator", { languages: wanted, language: wanted[0] });
  const translator = i18next.createInstance();
  await startLanguage({ ...languages, pl: async () => polish, ar: async () => arabic }, translator);
  return translator;
}

afterEach(() => vi.unstubAllGlobals());

test("a third language follows the browser's preference and uses its own plural forms", async () => {
  const { t, language } = await start(["pl-PL", "en"]);
  expect(language).toBe("pl");
  expect(t("common.save")).toBe("Zapisz");
  expect([1, 3, 5, 12, 22].map((count) => t("list.new", { count }))).toEqual([
    "1 nowa",
    "3 nowe",
    "5 nowych",
    "12 nowych",
    "22 nowe",
  ]);
});

test("a right-to-left language gets its six plural forms and its direction", async () => {
  const { t } = await start(["ar"]);
  const forms = [0, 1, 2, 3, 11, 100].map((count) => t("list.new", { count }).replace(/[ \d٠-٩]+$/, ""));
  expect(forms).toEqual(["لا جديد", "واحدة", "اثنتان", "قليل", "كثير", "غير ذلك"]);
  expect(document.documentElement.dir).toBe("rtl");
  expect(document.documentElement.lang).toBe("ar");
});

test("a missing plural form falls back to `other` in the same language, not to English", async () => {
  const { t } = await start(["it-IT"]);
  expect(t("tabs.unread", { count: 1_000_000 })).toBe("1.000.000 messaggi non letti");
});
