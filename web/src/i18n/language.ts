import type { en } from "./en";

type Plural = Intl.LDMLPluralRule;
type Rare = Exclude<Plural, "other">;

/**
 * The strings of one language, with the keys of English. A string with a count has one key per plural form (`new_one`,
 * `new_few`, `new_other`). `Intl.PluralRules` knows the forms of a language; all languages have `other`.
 */
export type Language = WordsOf<typeof en>;

type WordsOf<T> = {
  [K in keyof T as K extends `${string}_${Rare}` ? never : K]: T[K] extends string ? string : WordsOf<T[K]>;
} & {
  [K in keyof T as K extends `${infer Word}_other` ? `${Word}_${Rare}` : never]?: string;
};

export type Words = { [key: string]: string | Words };

/**
 * Fills in plural forms that the language has but its strings leave out, such as Italian's form for a million, with
 * `other`.
 */
export function withAllPlurals(words: Words, code: string): Words {
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  const full: Words = {};
  for (const [key, value] of Object.entries(words)) {
    full[key] = typeof value === "string" ? value : withAllPlurals(value, code);
    if (!key.endsWith("_other")) continue;
    for (const form of forms) full[key.replace(/other$/, form)] ??= words[key.replace(/other$/, form)] ?? value;
  }
  return full;
}
