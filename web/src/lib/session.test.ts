import { describe, expect, test } from "vitest";
import { signIn, whoAmI } from "./session";

const answers = (status: number) => () => Promise.resolve(new Response(null, { status }));
const unreachable = () => Promise.reject(new TypeError("network"));

describe("signing in", () => {
  test.each([
    ["the right password signs in", 200, "in"],
    ["a wrong password is reported as wrong", 401, "wrong"],
    ["too many attempts are reported as such", 429, "slow"],
    ["an unacceptable password is reported as weak", 422, "weak"],
    ["a server error is not blamed on the user", 500, "fault"],
  ])("%s", async (_, status, want) => expect(await signIn("ada", "x", answers(status))).toBe(want));
  test("no connection is not a wrong password", async () =>
    expect(await signIn("ada", "x", unreachable)).toBe("offline"));
});

test("an unreachable server does not sign anyone out", async () => {
  expect(await whoAmI(answers(200))).toBe("in");
  expect(await whoAmI(answers(401))).toBe("out");
  expect(await whoAmI(answers(503))).toBe("offline");
  expect(await whoAmI(unreachable)).toBe("offline");
});

test("someone whose password was set for them must choose their own first", async () => {
  const about = (mustChangePassword: boolean) => () => Promise.resolve(Response.json({ mustChangePassword }));
  expect(await signIn("ada", "x", about(true))).toBe("mustChange");
  expect(await signIn("ada", "x", about(false))).toBe("in");
  expect(await whoAmI(about(true))).toBe("mustChange");
  expect(await whoAmI(answers(403))).toBe("mustChange");
});
