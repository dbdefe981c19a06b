import { CombinedError } from "@urql/core";
import { GraphQLError } from "graphql";
import i18next from "i18next";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { problemOf } from "./errors";

const refused = (code: string, message: string, more: object = {}) =>
  problemOf(new CombinedError({ graphQLErrors: [new GraphQLError(message, { extensions: { code, ...more } })] }));

describe("what the server refuses with", () => {
  beforeAll(async () => {
    await i18next.init({ lng: "it", resources: { en: { translation: en }, it: { translation: italian } } });
  });
  afterAll(() => i18next.changeLanguage("en"));

  test.each(Object.keys(en.refusal))("%s is said in the language of the screen", (code) => {
    const words = refused(code, "In English.", { fault: "f-1" })?.message;
    expect(words).not.toBe("In English.");
    expect(words).not.toContain("{{");
    expect(Object.values(en.refusal)).not.toContain(words);
  });

  test("a code without words of ours is said in the server's", () => {
    expect(refused("SOMETHING_NEW", "A new rule.")?.message).toBe("A new rule.");
  });

  test("a fault keeps the id to quote", () => {
    expect(refused("INTERNAL", "Please quote f-1.", { fault: "f-1" })?.message).toContain("f-1");
  });

  test("no connection is no raw words of the browser's", () => {
    const problem = problemOf(new CombinedError({ networkError: new TypeError("Failed to fetch") }));
    expect(problem?.kind).toBe("offline");
    expect(problem?.message).toBe(italian.refusal.OFFLINE);
  });
});
