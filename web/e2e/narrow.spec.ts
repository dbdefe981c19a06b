import { type Browser, expect, type Page, test } from "@playwright/test";
import { misfits } from "./fits";
import {
  atTheDoor,
  becomeAvailable,
  card,
  clearDesk,
  closeWindows,
  dev,
  inspect,
  message,
  newPhone,
  type Person,
  type Phone,
  people,
  ringAt,
  signIn,
  signOut,
  unique,
} from "./world";

/** Collects the problems of all screens, so that one run reports them together. */
const all = expect.configure({ soft: true });

/** A phone's width, and a 1280-pixel window at 200 % zoom. */
const windows = [
  { called: "phone", viewport: { width: 390, height: 780 }, scale: 2 },
  { called: "zoom", viewport: { width: 640, height: 450 }, scale: 2 },
];

/** Checks every screen of an agent, a supervisor and an administrator in little space. */
for (const { called, viewport, scale } of windows) {
  test.describe(`everything fits at ${viewport.width} px`, () => {
    test.describe.configure({ mode: "serial" });
    let one: Person;
    let sofia: Person;
    let admin: Person;
    let customer: Phone;
    const name = unique("Wilhelmina von Hohenstaufen-Bartholomew");

    const enter = async (browser: Browser, as: Person): Promise<Page> => signIn(browser, as, { viewport, scale });
    const look = async (page: Page, screen: string, menu = false) => {
      await all.poll(() => misfits(page), { message: `${called}: ${screen}` }).toEqual([]);
      // Colours are checked at full width; accessibility at one width, and at both in the long run.
      const looked = called === "phone" || process.env.PARLEY_LONG ? (["light"] as const) : [];
      await inspect(page, `${called}-${screen}`, { looked, menu });
    };

    test.beforeAll(async ({ browser }) => {
      const [agent] = people("AGENT");
      const [supervisor] = people("SUPERVISOR");
      const [first] = people("ADMIN");
      if (!agent || !supervisor || !first) throw new Error("the demo has one of each");
      [one, sofia, admin] = [agent, supervisor, first];
      await clearDesk();
      await ringAt([one]);
      await signOut([one]);
      customer = await newPhone(browser, name);
    });
    test.afterAll(closeWindows);

    test(`sign-in, the list and a session (${called})`, async ({ browser }) => {
      const door = await atTheDoor(browser, { viewport, scale });
      await look(door, "sign-in");
      await door.close();

      const page = await enter(browser, one);
      await becomeAvailable(page);
      await look(page, "dashboard");
      await page.getByRole("button", { name: /^Your status/ }).click();
      await expect(page.getByRole("menu")).toBeVisible();
      await look(page, "presence", true);
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Interactions", exact: true }).click();
      await expect(page.locator("[data-row]").first()).toBeVisible();
      await look(page, "list");
      await page.getByRole("button", { name: /^Filters/ }).click();
      await look(page, "filters");
      await page.keyboard.press("Escape");

      await customer.write("Good morning, could somebody tell me whether the ferry to Stromboli leaves on Sunday?");
      await expect(card(page, "Stromboli")).toBeVisible();
      await look(page, "offer");
      await card(page, "Stromboli")
        .getByRole("button", { name: /^Accept/ })
        .click();
      await expect(message(page, "Stromboli")).toBeVisible();
      await page
        .getByRole("textbox", { name: /^Write to/ })
        .fill(
          "Every Sunday at nine; https://ferries.example/a-very-long-address/that-does-not-end/anywhere-soon-at-all",
        );
      await page.keyboard.press("Enter");
      await expect(message(page, "Every Sunday")).toBeVisible();
      await page.getByRole("button", { name: "Note", exact: true }).click();
      await page.getByRole("textbox", { name: /note for colleagues/ }).fill("Gets seasick");
      await page.keyboard.press("Enter");
      await expect(message(page, "Gets seasick")).toBeVisible();
      await look(page, "conversation");
      await page.locator("button[aria-pressed]", { hasText: "Reply" }).click();
      await page.getByRole("button", { name: "Emoji" }).click();
      await expect(page.getByRole("dialog", { name: "Emoji" }).locator("button, [role=option]").first()).toBeVisible();
      await look(page, "emoji");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Canned answers" }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
      await look(page, "canned");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More actions" }).click();
      await look(page, "actions", true);
      await page.getByRole("menuitem", { name: /^Transfer/ }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "transfer");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More actions" }).click();
      await page
        .getByRole("menuitem", { name: /^Close/ })
        .first()
        .click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "close");
      await page.keyboard.press("Escape");
      for (const panel of ["contact", "interaction", "journey", "history"]) {
        await page.goto(`${page.url().split("?")[0]}?panel=${panel}`);
        await expect(page.getByRole("tabpanel")).toBeVisible();
        await look(page, `panel-${panel}`);
      }
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "palette");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "keys");
      await page.close();
    });

    test(`contacts and their detail (${called})`, async ({ browser }) => {
      const page = await enter(browser, admin);
      await page.getByRole("link", { name: "Contacts" }).click();
      const list = page.getByRole("list", { name: "Contacts" });
      await expect(list.getByRole("link").first()).toBeVisible();
      await look(page, "contacts");
      await page.getByRole("button", { name: "Add contact" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "contact-new");
      await page.keyboard.press("Escape");
      await list.getByRole("link").first().click();
      await expect(page.getByRole("tab", { name: "Details" })).toBeVisible();
      await look(page, "contact");
      await page.getByRole("tab", { name: "Customer journey" }).click();
      await look(page, "contact-journey");
    });

    test(`realtime, monitoring and assigning (${called})`, async ({ browser }) => {
      const page = await enter(browser, sofia);
      await page.goto(`${dev().url}/realtime`);
      await expect(page.locator("[data-agent]").first()).toBeVisible();
      await look(page, "realtime");
      await page.goto(`${dev().url}/interactions`);
      await page.locator("[data-row]").filter({ hasText: name }).click();
      await expect(page.getByText(/^Monitoring/)).toBeVisible();
      await look(page, "reading-along");
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: /^Assign/ }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, "assign");
    });

    test(`every settings page (${called})`, async ({ browser }) => {
      const page = await enter(browser, admin);
      for (const section of ["accounts", "queues", "users", "lists", "dispositions", "canned", "tags", "policy"]) {
        await page.goto(`${dev().url}/settings/${section}`);
        await expect(page.locator("main section")).toBeVisible();
        await look(page, `settings-${section}`);
        if (section === "policy") continue;
        await page.locator("main table").getByRole("button").first().click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await look(page, `settings-${section}-form`);
        await page.keyboard.press("Escape");
      }
    });
  });
}
