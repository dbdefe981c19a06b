import { describe, expect, test } from "vitest";
import { chooseLanguage, formatValue, languageName, localeFor } from "./locale";

describe("the language of the app", () => {
  const known = ["en", "it", "pt-BR", "pt-PT", "zh-Hant", "ar"];
  test.each([
    [["it-CH"], "it", "a region without its own strings uses the language's"],
    [["de-DE", "it", "en"], "it", "the first available preference wins"],
    [["pt-PT"], "pt-PT", "the user's region is preferred"],
    [["pt"], "pt-BR", "a language without a region means its most likely region"],
    [["pt-AO"], "pt-BR", "another region of the same language beats another language"],
    [["zh-TW"], "zh-Hant", "Taiwan reads traditional characters"],
    [["zh-CN", "ar-EG"], "ar", "a different script counts as a different language"],
    [["de"], "en", "English is the fallback"],
    [["not a tag", "it"], "it", "an invalid tag is skipped"],
  ])("%j gets %s: %s", (wanted, code) => {
    expect(chooseLanguage(wanted, known)).toBe(code);
  });

  test("languages are named in themselves", () => {
    expect(["en", "it", "pl"].map(languageName)).toEqual(["English", "Italiano", "Polski"]);
  });
});

test.each([
  ["en", ["it-IT", "en-US", "en-GB"], "en-US", "the user's regional variant of the language"],
  ["it", ["en-US"], "it-US", "the user's region when the language differs"],
  ["en", ["it"], "en-IT", "the likely region when the browser names none"],
  ["pl", [], "pl", "only the language when nothing else is known"],
])("dates in %s for a reader of %j follow %s: %s", (language, wanted, locale) => {
  expect(localeFor(language, wanted)).toBe(locale);
});

test("numbers and lists inside a sentence follow the locale", () => {
  expect(formatValue(12_345, "it")).toBe("12.345");
  expect(formatValue(["Anna", "Ben", "Cho"], "en-GB")).toBe("Anna, Ben and Cho");
  expect(formatValue("Anna", "en")).toBe("Anna");
});
