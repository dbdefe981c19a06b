import { en } from "./en";
import type { Language } from "./language";

/** Loads the strings of each language. English is always bundled, as the fallback for missing strings. */
export const languages: Record<string, () => Promise<Language>> = {
  en: async () => en,
  it: async () => (await import("./it")).it,
};
