import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { type Preview, previewText } from "./preview";

let t: TFunction;
let inItalian: TFunction;
beforeAll(async () => {
  const resources = { en: { translation: en }, it: { translation: italian } };
  const translator = i18next.createInstance();
  t = await translator.init({ lng: "en", resources, interpolation: { escapeValue: false } });
  inItalian = translator.getFixedT("it");
});

const of = (more: Partial<Preview>): Preview => ({
  kind: "TEXT",
  text: "",
  fileName: null,
  itemCount: null,
  callOutcome: null,
  erased: false,
  ...more,
});

test.each([
  ["a text is shown as it is", of({ text: "hello" }), "hello", "hello"],
  ["a picture without a caption is named", of({ kind: "IMAGE" }), "Photo", "Foto"],
  ["a file without a caption has its own name", of({ kind: "DOCUMENT", fileName: "a.pdf" }), "a.pdf", "a.pdf"],
  [
    "an order of one item is in the singular",
    of({ kind: "ORDER", itemCount: 1 }),
    "Order: 1 item",
    "Ordine: 1 articolo",
  ],
  [
    "an order shows its number of items",
    of({ kind: "ORDER", itemCount: 3, text: "soon" }),
    "Order: 3 items · soon",
    "Ordine: 3 articoli · soon",
  ],
  [
    "a call that no one answered is a missed call",
    of({ kind: "CALL", callOutcome: "MISSED" }),
    "Missed call",
    "Chiamata persa",
  ],
  ["a call that is over is a call", of({ kind: "CALL", callOutcome: "ANSWERED" }), "Call", "Chiamata"],
  ["an erased message says so", of({ erased: true }), "Erased on request", "Cancellato su richiesta"],
  ["without a message, the preview is empty", null, "", ""],
])("%s", (_, preview, english, other) => {
  expect(previewText(preview, t)).toBe(english);
  expect(previewText(preview, inItalian)).toBe(other);
});

test("a call of ours that the customer did not answer is not missed by us", () => {
  const preview = of({ kind: "CALL", callOutcome: "MISSED" });
  expect(previewText(preview, t, "OUT")).toBe("Call not answered");
  expect(previewText(preview, inItalian, "OUT")).toBe("Chiamata senza risposta");
});
