import { useTranslation } from "react-i18next";

/** Returns the locale with its likely script and region, or nothing if the tag is invalid. */
function likely(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return undefined;
  }
}

function sameLanguageAndScript(a: Intl.Locale | undefined, b: Intl.Locale | undefined): boolean {
  return a !== undefined && a.language === b?.language && a.script === b.script;
}

/** Picks the available language the user prefers: the same region if possible, never another script. */
export function chooseLanguage(preferred: readonly string[], available: readonly string[]): string {
  for (const tag of preferred) {
    const preference = likely(tag);
    const matches = available.filter((code) => sameLanguageAndScript(likely(code), preference));
    const found = matches.find((code) => likely(code)?.region === preference?.region) ?? matches[0];
    if (found) return found;
  }
  return "en";
}

/** Returns the user's regional variant of the app's language: 14:05 in en-GB and en-IT, 2:05 PM in en-US. */
export function localeFor(language: string, preferred: readonly string[]): string {
  const own = preferred.find((tag) => sameLanguageAndScript(likely(tag), likely(language)));
  if (own) return own;
  const region = preferred.map((tag) => likely(tag)?.region).find(Boolean);
  return region ? new Intl.Locale(language, { region }).toString() : language;
}

/** Returns the locale for formatting dates and numbers. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeFor(i18n.language, navigator.languages);
}

/** Returns a language's name in that language. */
export function languageName(code: string): string {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/** Joins names into a list: Anna, Ben and Cho. */
export function formatList(names: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(names);
}

/** Formats a value inside a sentence. */
export function formatValue(value: unknown, locale: string): string {
  if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
  return Array.isArray(value) ? formatList(value.map(String), locale) : String(value ?? "");
}
