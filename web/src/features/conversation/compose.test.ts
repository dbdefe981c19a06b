import { describe, expect, test } from "vitest";
import { excess, insert, modesOf, pastesFiles } from "./compose";

test("the modes follow the allowed actions, replies first", () => {
  expect(modesOf(["NOTE", "REPLY", "CLOSE"], false)).toEqual(["reply", "note"]);
  expect(modesOf(["WHISPER"], false)).toEqual(["whisper"]);
  expect(modesOf([], false)).toEqual([]);
});

test("an owner whose reply window is closed is told so where they would reply", () => {
  expect(modesOf(["NOTE", "CLOSE"], true)).toEqual(["reply", "note"]);
});

test("inserted text replaces the selection at the caret", () => {
  expect(insert("good day", "🙂", 4, 4)).toEqual({ text: "good🙂 day", caret: 6 });
  expect(insert("good day", "bad", 0, 4)).toEqual({ text: "bad day", caret: 3 });
});

test("an emoji of several code units counts as one character", () => {
  expect(excess("🙂".repeat(4096), false)).toBe(0);
  expect(excess("a".repeat(4099), false)).toBe(3);
});

test("a caption has a lower limit than a text", () => {
  expect(excess("a".repeat(1024), true)).toBe(0);
  expect(excess("a".repeat(1026), true)).toBe(2);
});

describe("a paste", () => {
  const clipboard = (types: string[], texts: Record<string, string>) => ({
    files: types.map((type) => ({ type })) as unknown as FileList,
    getData: (kind: string) => texts[kind] ?? "",
  });
  const cells = "<html><style>td{}</style><table><tr><td>Ferry</td><td>12</td></tr></table></html>";

  test("of cells of a spreadsheet is text, although it carries a picture of them", () => {
    expect(pastesFiles(clipboard(["image/png"], { "text/plain": "Ferry\t12", "text/html": cells }))).toBe(false);
  });
  test("of a picture from a web page is a file", () => {
    const html = '<meta charset="utf-8"><!--StartFragment--><img src="https://a.example/b.png"><!--EndFragment-->';
    expect(pastesFiles(clipboard(["image/png"], { "text/html": html }))).toBe(true);
  });
  test("of files from a file manager adds them, although their names come along", () => {
    expect(pastesFiles(clipboard(["image/png"], { "text/plain": "shot.png" }))).toBe(true);
    expect(pastesFiles(clipboard(["application/pdf"], { "text/plain": "a.pdf", "text/html": "<p>a.pdf</p>" }))).toBe(
      true,
    );
  });
  test("without files is text", () => {
    expect(pastesFiles(clipboard([], { "text/plain": "hello" }))).toBe(false);
  });
});
