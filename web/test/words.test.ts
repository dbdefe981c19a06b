// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "../src/i18n/en";
import { it as italian } from "../src/i18n/it";

type Words = { [key: string]: string | Words };

function flat(words: Words, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([k, v]): [string, string][] =>
    typeof v === "string" ? [[path + k, v]] : flat(v, `${path}${k}.`),
  );
}

const gaps = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map((m) => m[0]).sort();

test("Italian says everything English says, with the same gaps to fill", () => {
  const there = new Map(flat(italian));
  for (const [key, text] of flat(en)) {
    const other = there.get(key);
    expect(other, key).toBeTruthy();
    // A plural of one may leave the number out.
    if (!key.endsWith("_one")) expect(gaps(other ?? ""), key).toEqual(gaps(text));
  }
});

const providers = /\b(meta|kaleyra|sinch|twilio|whatsapp|waba|wamid)\b/i;

test.each([
  ["English", en],
  ["Italian", italian],
])("no word of an agent's screens names a channel's provider, in %s (R1)", (_, words) => {
  const said = flat(words).filter(([key]) => !key.startsWith("settings."));
  expect(said.length).toBeGreaterThan(300);
  for (const [key, text] of said) expect(text, key).not.toMatch(providers);
});

test("no code of an agent's screens names one either (R1)", () => {
  const source = new URL("../src/", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (f) => /\.tsx?$/.test(f) && !/^(graphql.generated|i18n|features.settings)/.test(f) && !/\.test\./.test(f),
  );
  expect(files.length).toBeGreaterThan(100);
  const strings = /"[^"\n]*"|`[^`]*`|>[^<>{}\n]+</g;
  for (const file of files) {
    for (const [said] of readFileSync(new URL(file, source), "utf8").matchAll(strings)) {
      // the names of functions of our own, such as metaKey, are no words
      expect(said, file).not.toMatch(providers);
    }
  }
});
