import { describe, expect, test } from "vitest";
import { signIn, whoAmI } from "./session";

const answers = (status: number) => () => Promise.resolve(new Response(null, { status }));
const away = () => Promise.reject(new TypeError("network"));

describe("signing in", () => {
  test.each([
    ["the right password lets in", 200, "in"],
    ["a wrong one is said to be wrong", 401, "wrong"],
    ["too many tries are said to be too many", 429, "slow"],
    ["a password that will not do is said to be weak", 422, "weak"],
    ["a fault is not blamed on the person", 500, "fault"],
  ])("%s", async (_, status, want) => expect(await signIn("ada", "x", answers(status))).toBe(want));
  test("no server is not a wrong password", async () => expect(await signIn("ada", "x", away)).toBe("offline"));
});

test("a server that is away says nothing about who is signed in", async () => {
  expect(await whoAmI(answers(200))).toBe("in");
  expect(await whoAmI(answers(401))).toBe("out");
  expect(await whoAmI(answers(503))).toBe("offline");
  expect(await whoAmI(away)).toBe("offline");
});

test("who has a password that somebody else set is to choose one of his own first", async () => {
  const about = (due: boolean) => () => Promise.resolve(Response.json({ mustChangePassword: due }));
  expect(await signIn("ada", "x", about(true))).toBe("due");
  expect(await signIn("ada", "x", about(false))).toBe("in");
  expect(await whoAmI(about(true))).toBe("due");
  expect(await whoAmI(answers(403))).toBe("due");
});
