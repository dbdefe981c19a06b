import { expect, test } from "@playwright/test";
import { clearDesk, closeWindows, dev, inspect, people, signIn } from "./world";

test.beforeEach(clearDesk); // an offer would cover what is looked at
test.afterEach(closeWindows);

test("the sign-in page refuses a wrong password", async ({ page }) => {
  await page.goto(dev().url);
  await expect(page.getByLabel("Username")).toBeVisible();
  await inspect(page, "sign-in");
  await page.getByLabel("Username").fill("nobody");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Wrong username or password");
});

test("the list keeps views, search and filters in the URL, and J, K and Enter move in it", async ({ browser }) => {
  const [supervisor] = people("SUPERVISOR");
  if (!supervisor) throw new Error("the demo has a supervisor");
  const page = await signIn(browser, supervisor);
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page.locator("[data-row]").first()).toBeVisible();
  await inspect(page, "interactions");
  await page.getByRole("button", { name: "Closed" }).click();
  await expect(page).toHaveURL(/view=closed/);
  await expect(page.locator("[data-row]").first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-conversation]")).toBeVisible();
  await expect(page).toHaveURL(/interactions\/.+view=closed/);
  for (const tab of ["Contact", "Interaction", "Customer journey", "History"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
    await inspect(page, `panel-${tab.toLowerCase().replace(" ", "-")}`);
  }
  await page.goto(`${dev().url}/interactions?q=zzzzzzzzzz`);
  await expect(page.getByText("Nothing matches these filters")).toBeVisible();
  await page.goto(`${dev().url}/interactions?from=2026-05-02&to=2026-05-01`);
  await page.getByRole("button", { name: /^Filters/ }).click();
  await expect(page.getByText("The end date is before the start date")).toBeVisible();
  await page.keyboard.press("Escape");
});

test("supervisors get realtime, administrators get settings, agents get neither", async ({ browser }) => {
  const [supervisor] = people("SUPERVISOR");
  const [admin] = people("ADMIN");
  const [agent] = people("AGENT");
  if (!supervisor || !admin || !agent) throw new Error("the demo has one of each");
  const watching = await signIn(browser, supervisor);
  await watching.goto(`${dev().url}/realtime`);
  await expect(watching.locator("[data-agent]").first()).toBeVisible();
  await inspect(watching, "realtime");

  const setting = await signIn(browser, admin);
  for (const section of ["accounts", "queues", "users", "lists", "dispositions", "canned", "tags", "policy"]) {
    await setting.goto(`${dev().url}/settings/${section}`);
    await expect(setting.locator("main section")).toBeVisible();
    await inspect(setting, `settings-${section}`);
  }

  const working = await signIn(browser, agent);
  await expect(working.getByRole("link", { name: "Settings" })).toHaveCount(0);
  await working.goto(`${dev().url}/settings/users`);
  await expect(working.getByText("No access")).toBeVisible();
  await working.goto(`${dev().url}/realtime`);
  await expect(working.getByText("No access")).toBeVisible();
});

test("an agent sees contacts of the granted lists and opens one with its two tabs", async ({ browser }) => {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const page = await signIn(browser, admin);
  await page.goto(`${dev().url}/contacts`);
  await page.getByRole("list", { name: "Contacts" }).getByRole("link").first().click();
  await expect(page.getByRole("tab", { name: "Details" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Customer journey" })).toBeVisible();
  await inspect(page, "contact");
});

test("the first load is at most 250 kB compressed", async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (r) => {
    if (/\.(js|css)$|\/$/.test(new URL(r.url()).pathname)) sizes.push(r.sizes().then((s) => s.responseBodySize));
  });
  await page.goto(dev().url);
  await expect(page.getByLabel("Username")).toBeVisible();
  const total = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThanOrEqual(250_000);
});

test("the desktop works in Italian and at a phone's width", async ({ browser }) => {
  const [agent] = people("AGENT");
  if (!agent) throw new Error("the demo has an agent");
  const page = await signIn(browser, agent);
  await page.getByRole("button", { name: /^Your status/ }).click();
  await page.getByRole("menuitem", { name: "Italiano" }).click();
  await expect(page.getByRole("link", { name: "Interazioni", exact: true })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 780 });
  await page.getByRole("link", { name: "Interazioni", exact: true }).click();
  await expect(page.locator("[data-row]").first()).toBeVisible();
  await inspect(page, "phone-list-it");
  await page.locator("[data-row]").first().click();
  await expect(page.locator("[data-conversation]")).toBeVisible();
  await inspect(page, "phone-conversation-it");
});
