import { expect, test } from "vitest";
import { money } from "./money";

test.each([
  ["19.9", "EUR", "en-GB", "€19.90"],
  ["19.9", "EUR", "it", "19,90\u00a0€"],
  ["1500", "JPY", "en-GB", "JP¥1,500"],
  ["19.9", "points", "en-GB", "19.9 points"],
  ["19.9", "", "en-GB", "19.9"],
  ["•••", "EUR", "en-GB", "••• EUR"],
  ["", "", "en-GB", "–"],
])("%s %s in %s", (amount, currency, locale, want) => expect(money(amount, currency, locale)).toBe(want));
