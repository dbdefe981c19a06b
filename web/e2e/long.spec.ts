import { expect, test } from "@playwright/test";
import { clearDesk, dev, message, people, signIn, talkAtLength } from "./world";

const count = process.env.PARLEY_LONG ? 10_000 : 1_500;
const rendered = 400; // at most, whatever the length of the conversation

test("every message of a long conversation can be reached, few are rendered, and the reader stays in place", async ({
  browser,
}) => {
  const [supervisor] = people("SUPERVISOR");
  if (!supervisor) throw new Error("the demo has a supervisor");
  await clearDesk();
  const digits = `39341${Date.now().toString().slice(-7)}`;
  const id = await talkAtLength(supervisor, digits, "Long Talker", count);

  const page = await signIn(browser, supervisor);
  await page.goto(`${dev().url}/interactions/${id}?panel=hidden`);
  const log = page.locator("[data-log]");
  await expect(message(page, `Message ${count - 1}`)).toBeVisible();

  // Older messages load above, and the one being read stays in place.
  let heldId: string | null = null;
  await expect(async () => {
    heldId = await page.locator("[data-message]").first().getAttribute("data-message");
    await page.locator(`[data-message="${heldId}"]`).scrollIntoViewIfNeeded({ timeout: 1000 });
  }).toPass();
  const reading = page.locator(`[data-message="${heldId}"]`);
  const before = (await reading.boundingBox())?.y;
  await expect.poll(() => page.locator("[data-message]").first().getAttribute("data-message")).not.toBe(heldId);
  expect((await reading.boundingBox())?.y).toBeCloseTo(before ?? Number.NaN, 0);

  // Scroll up to the first message, page by page.
  const seen = await log.evaluate(async (el, limit) => {
    const seen = new Set<string>();
    const frame = () => new Promise((r) => requestAnimationFrame(r));
    while (!el.textContent?.includes("Session started") || el.scrollTop > el.clientHeight - el.scrollHeight + 1) {
      el.scrollBy(0, -600);
      await frame();
      // Messages out of sight are dropped a moment later.
      while (el.querySelectorAll("[data-message]").length > limit) await frame();
      for (const m of el.querySelectorAll<HTMLElement>("[data-message]")) seen.add(m.dataset.message ?? "");
    }
    return seen.size;
  }, rendered);
  // Everything below the starting point was seen before.
  expect(seen).toBeGreaterThanOrEqual(count - 60);
  await expect(message(page, "Message 0").first()).toBeVisible();

  // Back at the end, the last message's quote jumps to the quoted message and loads everything in between.
  await page.reload();
  const last = message(page, `Message ${count - 1}`);
  await expect(last).toBeVisible();
  await last.getByRole("button", { name: /Message 5/ }).click();
  await expect(
    page
      .locator("[data-message]")
      .filter({ hasText: /Message 5(?!\d)/ })
      .first(),
  ).toBeInViewport();
  await expect.poll(() => page.locator("[data-message]").count()).toBeLessThanOrEqual(rendered);
});

test("older messages that fail to load are requested again, and a reader at the top stays in place", async ({
  browser,
}) => {
  const [supervisor] = people("SUPERVISOR");
  if (!supervisor) throw new Error("the demo has a supervisor");
  await clearDesk();
  const id = await talkAtLength(supervisor, `39342${Date.now().toString().slice(-7)}`, "Cut Talker", 220);

  const page = await signIn(browser, supervisor);
  let refused = 0;
  await page.route("**/graphql", (route) => {
    if (!route.request().postData()?.includes("OlderMessages") || refused > 0) return route.continue();
    refused++;
    return route.fulfill({ status: 503, body: "away" });
  });
  await page.goto(`${dev().url}/interactions/${id}?panel=hidden`);
  await expect(message(page, "Message 219")).toBeVisible();
  const oldest = page.locator("[data-message]").first();
  await expect.poll(() => page.locator("[data-message]").count()).toBeGreaterThan(30);
  await oldest.scrollIntoViewIfNeeded();
  await expect.poll(() => refused).toBe(1);
  const heldId = await oldest.getAttribute("data-message");
  const reading = page.locator(`[data-message="${heldId}"]`);
  const before = (await reading.boundingBox())?.y;
  expect(before).toBeDefined();
  await expect.poll(() => oldest.getAttribute("data-message")).not.toBe(heldId);
  expect((await reading.boundingBox())?.y).toBeCloseTo(before ?? Number.NaN, 0);
});
