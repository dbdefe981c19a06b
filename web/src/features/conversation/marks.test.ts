import { describe, expect, test } from "vitest";
import { isOnlyEmoji, type Piece, readMarks } from "./marks";

const show = (pieces: Piece[]): string =>
  pieces
    .map((p) => {
      if (p.kind === "text") return p.text;
      if (p.kind === "code") return `<code>${p.text}</code>`;
      if (p.kind === "link") return `<a ${p.href}>`;
      return `<${p.kind}>${show(p.pieces)}</${p.kind}>`;
    })
    .join("");

describe("marks of the phone", () => {
  test.each([
    ["*bold* word", "<bold>bold</bold> word"],
    ["a _soft_ and ~old~ one", "a <italic>soft</italic> and <strike>old</strike> one"],
    ["*bold and _both_*", "<bold>bold and <italic>both</italic></bold>"],
    ["`x*y*z`", "<code>x*y*z</code>"],
    ["```two\nlines```", "<code>two\nlines</code>"],
    ["2*3*4 snake_case_name", "2*3*4 snake_case_name"],
    ["* not * this", "* not * this"],
    ["*left open", "*left open"],
    ["see https://example.org/a_b_c, please", "see <a https://example.org/a_b_c>, please"],
    ["(*ciao*)", "(<bold>ciao</bold>)"],
    ["<b>*x*</b>", "<b><bold>x</bold></b>"],
  ])("%s", (text, want) => expect(show(readMarks(text))).toBe(want));

  test("only web addresses become links", () =>
    expect(show(readMarks("javascript:alert(1)"))).toBe("javascript:alert(1)"));
});

test("a few emoji alone are large, also those made of several codes (R52)", () => {
  expect(isOnlyEmoji("👍")).toBe(true);
  expect(isOnlyEmoji("👨‍👩‍👧‍👦 🇮🇹")).toBe(true);
  expect(isOnlyEmoji("ok 👍")).toBe(false);
  expect(isOnlyEmoji("12")).toBe(false);
});
