import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "@playwright/test";
import { dev, people } from "./world";

/** Forwards connections to a port, until it is told to drop everything without closing anything. */
async function silentProxy(port: number) {
  const open = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("data", (d) => !silent && to.write(d));
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    drop: () => {
      silent = true;
    },
    recover: () => {
      silent = false;
      for (const socket of open) socket.destroy(); // what was dropped is lost
      open.clear();
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

test("the desktop notices a connection that drops everything, says so, and reconnects", async ({ page }) => {
  const [anna] = people("AGENT");
  if (!anna) throw new Error("the demo has an agent");
  const line = await silentProxy(Number(new URL(dev().url).port));
  try {
    await page.goto(line.url);
    await page.getByLabel("Username").fill(anna.login);
    await page.getByLabel("Password").fill(anna.password);
    await page.keyboard.press("Enter");
    await expect(page.locator("[data-link=live]")).toBeVisible();
    line.drop();
    await expect(page.locator("[data-link=reconnecting]")).toBeVisible();
    await expect(page.getByText(/^Reconnecting. Connection lost at/)).toBeVisible();
    line.recover();
    await expect(page.locator("[data-link=live]")).toBeVisible();
  } finally {
    line.close();
  }
});
