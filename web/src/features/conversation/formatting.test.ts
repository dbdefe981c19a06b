import { describe, expect, test } from "vitest";
import { isLong, isOnlyEmoji, type Piece, parseBlocks, parseInline } from "./formatting";

const show = (pieces: Piece[]): string =>
  pieces
    .map((p) => {
      if (p.kind === "text") return p.text;
      if (p.kind === "code") return `<code>${p.text}</code>`;
      if (p.kind === "link") return `<a ${p.href}>`;
      return `<${p.kind}>${show(p.pieces)}</${p.kind}>`;
    })
    .join("");

describe("formatting inside a line", () => {
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
  ])("%s", (text, want) => expect(show(parseInline(text))).toBe(want));

  test("only web addresses become links", () =>
    expect(show(parseInline("javascript:alert(1)"))).toBe("javascript:alert(1)"));
});

test("a few emoji alone are shown large, including composed ones", () => {
  expect(isOnlyEmoji("👍")).toBe(true);
  expect(isOnlyEmoji("👨‍👩‍👧‍👦 🇮🇹")).toBe(true);
  expect(isOnlyEmoji("ok 👍")).toBe(false);
  expect(isOnlyEmoji("12")).toBe(false);
});

describe("blocks of a text", () => {
  const kinds = (text: string) => parseBlocks(text).map((b) => b.kind);
  test("quotes, bullets and numbered items are blocks of their own", () => {
    expect(kinds("Hello\n> you wrote\n> this\n- one\n* two\n3. three\n4. four\nbye")).toEqual([
      "paragraph",
      "quote",
      "bullets",
      "numbers",
      "paragraph",
    ]);
    expect(parseBlocks("3. three\n4. four")[0]).toMatchObject({ from: 3, items: [{ length: 1 }, { length: 1 }] });
  });
  test("formatting works inside blocks", () => {
    expect(parseBlocks("> *bold*")).toEqual([
      { kind: "quote", pieces: [{ kind: "bold", pieces: [{ kind: "text", text: "bold" }] }] },
    ]);
  });
  test("text that only resembles a block stays text", () => {
    expect(kinds("-5 degrees\n*bold* word\n2.5 kg\na > b")).toEqual(["paragraph"]);
  });
  test("multi-line code stays in one piece", () => {
    expect(parseBlocks("```a\n- b\n> c```")).toEqual([
      { kind: "paragraph", pieces: [{ kind: "code", text: "a\n- b\n> c" }] },
    ]);
  });
});

test("a text that would fill the screen is long, by its length or its lines", () => {
  expect(isLong("a".repeat(1200))).toBe(false);
  expect(isLong("a".repeat(1201))).toBe(true);
  expect(isLong("a\n".repeat(17))).toBe(false);
  expect(isLong("a\n".repeat(18))).toBe(true);
});
