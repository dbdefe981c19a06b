import { CombinedError } from "@urql/core";
import { GraphQLError } from "graphql";
import i18next from "i18next";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { en } from "@/i18n/en";
import { it as italian } from "@/i18n/it";
import { problemOf } from "./errors";

const refused = (code: string, message: string, more: object = {}) =>
  problemOf(new CombinedError({ graphQLErrors: [new GraphQLError(message, { extensions: { code, ...more } })] }));

describe("refusals of the server", () => {
  beforeAll(async () => {
    await i18next.init({ lng: "it", resources: { en: { translation: en }, it: { translation: italian } } });
  });
  afterAll(() => i18next.changeLanguage("en"));

  test.each(Object.keys(en.refusal))("the refusal %s is translated", (code) => {
    const words = refused(code, "In English.", { fault: "f-1" })?.message;
    expect(words).not.toBe("In English.");
    expect(words).not.toContain("{{");
    expect(Object.values(en.refusal)).not.toContain(words);
  });

  test("an unknown code keeps the server's message", () => {
    expect(refused("SOMETHING_NEW", "A new rule.")?.message).toBe("A new rule.");
  });

  test("an internal error keeps the id to quote", () => {
    expect(refused("INTERNAL", "Please quote f-1.", { fault: "f-1" })?.message).toContain("f-1");
  });

  test("a lost connection does not show the browser's error text", () => {
    const problem = problemOf(new CombinedError({ networkError: new TypeError("Failed to fetch") }));
    expect(problem?.kind).toBe("offline");
    expect(problem?.message).toBe(italian.refusal.OFFLINE);
  });
});
