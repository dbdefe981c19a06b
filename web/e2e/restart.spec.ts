import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { type Dev, freePort, launch, operate, type Running } from "./start";

test.describe.configure({ mode: "serial" });

let folder = "";
let port = 0;
let server: Running;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-restart-"));
  port = await freePort();
  server = await launch(folder, port, "empty");
});

test.afterAll(async () => {
  await server.stop("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a window in which the first user with this role is signed in. */
async function signIn(browser: Browser, role: string): Promise<{ page: Page; token: string; dev: Dev }> {
  const dev = JSON.parse(readFileSync(server.file, "utf8")) as Dev;
  const user = dev.users.find((u) => u.role.toUpperCase() === role);
  if (!user) throw new Error(`the demo has no ${role}`);
  const page = await browser.newPage();
  await page.goto(dev.url);
  await page.getByLabel("Username").fill(user.login);
  await page.getByLabel("Password").fill(user.password);
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-link=live]")).toBeVisible();
  return { page, token: user.token, dev };
}

test("the desktop reconnects after the server restarts", async ({ browser }) => {
  const { page, token, dev } = await signIn(browser, "AGENT");
  await server.stop("SIGTERM");
  await expect(page.locator("[data-link=reconnecting]")).toBeVisible();
  await expect(page.getByText(/^Reconnecting. Connection lost at/)).toBeVisible();
  server = await launch(folder, port, "empty");
  await expect(page.locator("[data-link=live]")).toBeVisible();

  // Later changes arrive, so the connection works and does not only look green.
  const answer = await fetch(dev.graphql, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: "mutation ($i: PresenceInput!) { signIn(input: $i) { presence { state } } }",
      variables: { i: { commandId: crypto.randomUUID() } },
    }),
  });
  expect(await answer.json()).toEqual({ data: { signIn: { presence: { state: "AVAILABLE" } } } });
  await expect(page.getByRole("button", { name: "Your status: Available" })).toBeVisible();
  await page.close();
});

test("everyone sees that messages are held until an administrator releases them", async ({ browser }) => {
  const { page: agent } = await signIn(browser, "AGENT");
  const { page: admin } = await signIn(browser, "ADMIN");
  for (const [command, words] of [
    [["outbound", "hold", "The number is blocked"], "The number is blocked"],
    [["outbound", "restored"], "restored from a backup"],
  ] as const) {
    await operate(folder, ...command);
    const banners = [agent, admin].map((page) => page.getByRole("status").filter({ hasText: words }));
    for (const banner of banners) await expect(banner).toBeVisible();
    await expect(agent.getByRole("button", { name: "Resume sending" })).toHaveCount(0);
    await admin.getByRole("button", { name: "Resume sending" }).click();
    await admin.getByRole("button", { name: "Send them" }).click();
    for (const banner of banners) await expect(banner).toHaveCount(0);
  }
  await agent.close();
  await admin.close();
});
