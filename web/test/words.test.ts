// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { en } from "../src/i18n/en";
import type { Words } from "../src/i18n/language";
import { languages } from "../src/i18n/languages";

function flat(words: Words, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([k, v]): [string, string][] =>
    typeof v === "string" ? [[path + k, v]] : flat(v, `${path}${k}.`),
  );
}

const pluralForm = /_(zero|one|two|few|many|other)$/;
const gaps = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map((m) => m[0]).sort();
const providers = /\b(meta|kaleyra|sinch|twilio|whatsapp|waba|wamid)\b/i;
const loaded = await Promise.all(
  Object.entries(languages).map(async ([code, load]) => [code, flat((await load()) as Words)] as const),
);

describe.each(loaded)("the words of %s", (code, words) => {
  const there = new Map(words);

  test("have every key of English, with the same placeholders", () => {
    for (const [key, text] of flat(en)) {
      if (pluralForm.test(key) && !key.endsWith("_other")) continue;
      expect(there.get(key), key).toBeTruthy();
      expect(gaps(there.get(key) ?? ""), key).toEqual(gaps(text));
    }
  });

  test("have no key that English lacks", () => {
    const known = new Set(flat(en).map(([key]) => key.replace(pluralForm, "")));
    expect([...there.keys()].filter((key) => !known.has(key.replace(pluralForm, "")))).toEqual([]);
  });

  test("have every plural form that the language needs", () => {
    const rules = new Intl.PluralRules(code);
    const forms = new Set(Array.from({ length: 1000 }, (_, n) => rules.select(n)));
    for (const key of there.keys()) {
      if (!key.endsWith("_other")) continue;
      for (const form of forms) expect(there.has(key.replace(/other$/, form)), `${key}: ${form}`).toBe(true);
    }
  });

  test("have plural forms wherever there is a count", () => {
    for (const [key, text] of words) if (text.includes("{{count}}")) expect(key).toMatch(pluralForm);
  });

  test("name no provider on an agent's screens", () => {
    // The sign-in page may name the product.
    const agentWords = words.filter(([key]) => !key.startsWith("settings.") && key !== "signIn.lead");
    expect(agentWords.length).toBeGreaterThan(300);
    for (const [key, text] of agentWords) expect(text, key).not.toMatch(providers);
  });
});

test("the code of an agent's screens names no provider either", () => {
  const source = new URL("../src/", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (f) => /\.tsx?$/.test(f) && !/^(graphql.generated|i18n|features.settings)/.test(f) && !/\.test\./.test(f),
  );
  expect(files.length).toBeGreaterThan(100);
  const strings = /"[^"\n]*"|`[^`]*`|>[^<>{}\n]+</g;
  for (const file of files) {
    for (const [text] of readFileSync(new URL(file, source), "utf8").matchAll(strings)) {
      // names of our own functions, such as metaKey, do not count
      expect(text, file).not.toMatch(providers);
    }
  }
});
