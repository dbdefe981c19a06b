import { expect, test } from "vitest";
import { localeFor } from "./locale";

test("dates follow the reader's own form of the language", () => {
  expect(localeFor("en", ["it-IT", "en-US", "en-GB"])).toBe("en-US");
  expect(localeFor("it", ["en-US"])).toBe("it");
});
