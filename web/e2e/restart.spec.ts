import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Dev, freePort, launch } from "./start";

test("the desktop reconnects after the server restarts", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "parley-restart-"));
  const port = await freePort();
  let server = await launch(folder, port, "empty");
  try {
    const { url, graphql, users } = JSON.parse(readFileSync(server.file, "utf8")) as Dev;
    const anna = users.find((u) => u.role.toUpperCase() === "AGENT");
    if (!anna) throw new Error("the demo has an agent");
    await page.goto(url);
    await page.getByLabel("Username").fill(anna.login);
    await page.getByLabel("Password").fill(anna.password);
    await page.keyboard.press("Enter");
    await expect(page.locator("[data-link=live]")).toBeVisible();
    await server.stop("SIGTERM");
    await expect(page.locator("[data-link=reconnecting]")).toBeVisible();
    await expect(page.getByText(/^Reconnecting. Connection lost at/)).toBeVisible();
    server = await launch(folder, port, "empty");
    await expect(page.locator("[data-link=live]")).toBeVisible();

    // Later changes arrive, so the connection works and does not only look green.
    const answer = await fetch(graphql, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${anna.token}` },
      body: JSON.stringify({
        query: "mutation ($i: PresenceInput!) { signIn(input: $i) { presence { state } } }",
        variables: { i: { commandId: crypto.randomUUID() } },
      }),
    });
    expect(await answer.json()).toEqual({ data: { signIn: { presence: { state: "AVAILABLE" } } } });
    await expect(page.getByRole("button", { name: "Your status: Available" })).toBeVisible();
  } finally {
    await server.stop("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  }
});
