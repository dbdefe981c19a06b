import { describe, expect, test } from "vitest";
import { fileKind, honestName, nameParts } from "./fileName";

describe("a file's name on the screen", () => {
  test("cannot be turned round by characters that change the writing direction", () => {
    expect(honestName("invoice_\u202efdp.exe")).toBe("invoice_fdp.exe");
    expect(honestName("\u2066a\u2069\u200b.pdf")).toBe("a.pdf");
  });
  test("cannot push its end out of sight with spaces or lines", () => {
    expect(honestName(`photo.jpg${" ".repeat(80)}.exe`)).toBe("photo.jpg .exe");
    expect(honestName("a\n\nb.txt")).toBe("ab.txt");
  });
  test("keeps its last extension apart, whatever comes before", () => {
    expect(nameParts("invoice.pdf.exe")).toEqual({ stem: "invoice.pdf", extension: ".exe" });
    expect(nameParts("voucher")).toEqual({ stem: "voucher", extension: "" });
    expect(nameParts(".profile")).toEqual({ stem: ".profile", extension: "" });
  });
});

describe("the kind of a file", () => {
  const exe = "application/vnd.microsoft.portable-executable";
  test.each([
    ["a document that is one", "a.pdf", "application/pdf", "PDF", null, false],
    ["a program named like a document", "a.pdf", exe, "EXE", "PDF", true],
    ["a program with two extensions", "a.pdf.exe", exe, "EXE", null, true],
    ["a script", "a.js", "text/plain", null, null, true],
    ["text named like a document", "a.pdf", "text/plain; charset=utf-8", null, "PDF", false],
    ["a page named like a picture", "a.jpg", "text/html", "HTML", "JPEG", false],
    ["an office document that looks like an archive", "a.docx", "application/zip", "ZIP", null, false],
    ["content that doesn't tell", "a.pdf", "application/octet-stream", null, null, false],
    ["a file without a type", "a.pdf", null, null, null, false],
  ] as const)("of %s", (_, name, mime, label, promised, program) => {
    expect(fileKind(name, mime)).toEqual({ label, promised, program });
  });
});
