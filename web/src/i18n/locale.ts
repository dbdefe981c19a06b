import { useTranslation } from "react-i18next";

/** The reader's own form of the desktop's language: en-GB writes 14:05 where en-US writes 2:05 PM. */
export function localeFor(language: string, wanted: readonly string[]): string {
  return (
    wanted.find((l) => l.toLowerCase() === language || l.toLowerCase().startsWith(`${language}-`)) ??
    (language === "en" ? "en-GB" : language)
  );
}

/** How dates and numbers are written on this screen. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeFor(i18n.language, navigator.languages);
}
