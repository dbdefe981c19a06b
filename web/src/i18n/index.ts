import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { remember, remembered } from "@/lib/stored";
import { en } from "./en";

export const languages = { en: "English", it: "Italiano" } as const;
export type LanguageCode = keyof typeof languages;

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const loaders: Record<Exclude<LanguageCode, "en">, () => Promise<{ it: object }>> = {
  it: () => import("./it"),
};

function preferred(): LanguageCode {
  const kept = remembered("language");
  if (kept === "en" || kept === "it") return kept;
  return navigator.languages.some((l) => l.toLowerCase().startsWith("it")) && !navigator.language.startsWith("en")
    ? "it"
    : "en";
}

async function show(code: LanguageCode): Promise<void> {
  if (code !== "en" && !i18next.hasResourceBundle(code, "translation")) {
    const words = await loaders[code]();
    i18next.addResourceBundle(code, "translation", words[code]);
  }
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
  document.documentElement.dir = i18next.dir(code);
}

/** Chooses the language of the desktop and remembers it on this device. */
export async function setLanguage(code: LanguageCode): Promise<void> {
  remember("language", code);
  await show(code);
}

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await show(preferred());
}
