import { expect, test } from "@playwright/test";
import { clearDesk, dev, message, people, signIn, talkAtLength } from "./world";

const count = process.env.PARLEY_LONG ? 10_000 : 1_500;

test("a long conversation: every message can be reached, few are on the page, and what is read stays put", async ({
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

  // Older ones join above: the one being read stays where it is.
  let heldId: string | null = null;
  await expect(async () => {
    heldId = await page.locator("[data-message]").first().getAttribute("data-message");
    await page.locator(`[data-message="${heldId}"]`).scrollIntoViewIfNeeded({ timeout: 1000 });
  }).toPass();
  const reading = page.locator(`[data-message="${heldId}"]`);
  const before = (await reading.boundingBox())?.y;
  await expect.poll(() => page.locator("[data-message]").first().getAttribute("data-message")).not.toBe(heldId);
  expect((await reading.boundingBox())?.y).toBeCloseTo(before ?? Number.NaN, 0);

  // Up to the first, page by page.
  const found = await log.evaluate(async (el, wanted) => {
    const seen = new Set<string>();
    let most = 0;
    const frame = () => new Promise((r) => requestAnimationFrame(r));
    while (!el.textContent?.includes("The session started") || el.scrollTop > el.clientHeight - el.scrollHeight + 1) {
      el.scrollBy(0, -600);
      await frame();
      const here = el.querySelectorAll<HTMLElement>("[data-message]");
      most = Math.max(most, here.length);
      for (const m of here) seen.add(m.dataset.message ?? "");
    }
    return { seen: seen.size, most, wanted };
  }, count);
  // What stood below where this walk began was seen before it.
  expect(found.seen).toBeGreaterThanOrEqual(count - 60);
  expect(found.most).toBeLessThanOrEqual(400);
  await expect(message(page, "Message 0").first()).toBeVisible();

  // Back at the end; the quote of the last message leads up to the one it answers, with all between loaded anew.
  await page.reload();
  const last = message(page, `Message ${count - 1}`);
  await expect(last).toBeVisible();
  await last.getByRole("button", { name: /Message 5/ }).click();
  await expect(
    page
      .locator("[data-message]")
      .filter({ hasText: /Message 5(?!\d)/ })
      .first(),
  ).toBeInViewport({
    timeout: 60_000,
  });
  expect(await page.locator("[data-message]").count()).toBeLessThanOrEqual(400);
});

test("older messages that do not come are asked for again, and whoever waits at the top keeps what he reads", async ({
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
