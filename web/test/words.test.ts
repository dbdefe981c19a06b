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
