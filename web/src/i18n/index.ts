import i18next, { type FormatterModule, type i18n as Translator } from "i18next";
import { initReactI18next } from "react-i18next";
import { remember, remembered } from "@/lib/stored";
import { en } from "./en";
import { type Language, type Words, withAllPlurals } from "./language";
import { languages } from "./languages";
import { chooseLanguage, formatValue, localeFor } from "./locale";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

type Registry = Record<string, () => Promise<Language>>;

/** Formats numbers and lists inside a sentence for the user's locale. */
const formatter: FormatterModule = {
  type: "formatter",
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value, _format, language) => formatValue(value, localeFor(language ?? "en", navigator.languages)),
};

/** Loads a language and switches the app to it. */
async function show(code: string, known: Registry, translator: Translator): Promise<void> {
  const load = known[code];
  if (load && !translator.hasResourceBundle(code, "translation")) {
    translator.addResourceBundle(code, "translation", withAllPlurals((await load()) as Words, code));
  }
  await translator.changeLanguage(code);
  document.documentElement.lang = code;
  document.documentElement.dir = translator.dir(code);
}

/** Switches the language and stores the choice on this device. */
export async function setLanguage(code: string): Promise<void> {
  remember("language", code);
  await show(code, languages, i18next);
}

/** Starts in the language stored on this device, or else in the one the browser prefers. */
export async function startLanguage(known: Registry = languages, translator: Translator = i18next): Promise<void> {
  await translator
    .use(initReactI18next)
    .use(formatter)
    .init({
      lng: "en",
      fallbackLng: "en",
      resources: { en: { translation: en } },
      interpolation: { escapeValue: false, alwaysFormat: true },
      returnNull: false,
    });
  const stored = remembered("language");
  const codes = Object.keys(known);
  await show(stored && codes.includes(stored) ? stored : chooseLanguage(navigator.languages, codes), known, translator);
}
