import { expect, type Page, test } from "@playwright/test";
import {
  api,
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
  row,
  signIn,
  signOut,
  tab,
  unique,
} from "./world";

test.describe.configure({ mode: "serial" });

/** Walks through a session in four windows: a customer, two agents and their supervisor. */
test.describe("a session by mouse", () => {
  let admin: Person;
  let anna: Page;
  let ben: Page;
  let sofia: Page;
  const names = { ada: unique("Ada Byron"), grace: unique("Grace Murray"), emmy: unique("Emmy Noether") };
  let ada: Phone;
  let grace: Phone;
  const box = (page: Page) => page.getByRole("textbox", { name: /^Write to/ });
  const send = (page: Page) => page.getByRole("button", { name: "Send", exact: true }).click();

  test.beforeAll(async ({ browser }) => {
    const [one, two] = people("AGENT");
    const [supervisor] = people("SUPERVISOR");
    const [first] = people("ADMIN");
    if (!one || !two || !supervisor || !first) throw new Error("the demo has two agents, a supervisor and an admin");
    admin = first;
    await clearDesk();
    await ringAt([one, two]);
    await signOut([one, two]);
    anna = await signIn(browser, one);
    ben = await signIn(browser, two);
    sofia = await signIn(browser, supervisor);
    ada = await newPhone(browser, names.ada);
    grace = await newPhone(browser, names.grace);
  });
  test.afterAll(closeWindows);

  const waiting = (page: Page) =>
    page.locator("[data-queue]").filter({ hasText: "Bookings" }).locator("[data-waiting]");

  test("the dashboard shows an agent's own queues and what waits in them", async () => {
    await expect(anna.locator("[data-queue]")).toHaveCount(2);
    await expect(anna.locator("[data-queue]").filter({ hasText: "Groups" })).toHaveCount(0);
    await expect(waiting(anna)).toHaveAttribute("data-waiting", "0");
    await ada.write("Good morning, where is my parcel?");
    await grace.write("Do you have a room for two?");
    await expect(waiting(anna)).toHaveAttribute("data-waiting", "2");
    await inspect(anna, "dashboard");
  });

  test("an offer sounds; one agent rejects it, another accepts it, and a third is told", async () => {
    await becomeAvailable(anna);
    await becomeAvailable(ben);
    for (const page of [anna, ben]) {
      await expect(card(page, "where is my parcel?")).toBeVisible();
      await expect(page.locator("html[data-rang]")).toBeAttached();
      await expect(page).toHaveTitle(/^\(\d+\) Parley$/);
    }
    await inspect(anna, "offer");
    await card(ben, "where is my parcel?")
      .getByRole("button", { name: /^Reject/ })
      .click();
    await expect(card(ben, "where is my parcel?")).toHaveCount(0);
    await card(anna, "where is my parcel?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(message(anna, "where is my parcel?")).toBeVisible();
    await expect(waiting(ben)).toHaveAttribute("data-waiting", "1");
    await card(anna, "a room for two?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    // Letters typed right after the click are the answer, not commands.
    await anna.keyboard.type("See you then, Ada");
    await expect(box(anna)).toBeFocused();
    await expect(box(anna)).toHaveValue("See you then, Ada");
    await expect(anna.getByRole("dialog")).toHaveCount(0);
    await box(anna).fill("");
    await expect(ben.locator("[data-ended]").filter({ hasText: "Taken by Anna Rossi" })).toBeVisible();
    await expect(card(ben, "a room for two?")).toHaveCount(0);
    await expect(waiting(ben)).toHaveAttribute("data-waiting", "0");
  });

  test("text, emoji and canned answers are sent, and their marks advance to read", async () => {
    await tab(anna, names.ada).getByRole("link").click();
    await box(anna).fill("It is *on its way* 👨‍👩‍👧‍👦");
    await anna.getByRole("button", { name: "Emoji" }).click();
    const sign = anna.getByRole("dialog", { name: "Emoji" }).locator("button, [role=option]").first();
    const emoji = (await sign.textContent()) ?? "";
    await sign.click();
    await send(anna);
    await expect(ada.bubble(`👨‍👩‍👧‍👦${emoji}`)).toBeVisible();
    await expect(message(anna, "on its way").locator("[data-tick=two-read]")).toBeVisible();
    await anna.getByRole("button", { name: "Canned answers" }).click();
    await anna.getByRole("option").filter({ hasText: "/wait" }).click();
    await send(anna);
    await expect(ada.bubble("One moment please")).toBeVisible();
    await ada.write("Thank you so much");
    await expect(message(anna, "Thank you so much")).toBeVisible();
    await inspect(anna, "conversation");
  });

  test("notes stay inside, a whisper reaches only the owner, and everyone sees who is viewing", async () => {
    await anna.getByRole("button", { name: "Note", exact: true }).click();
    await anna.getByRole("textbox", { name: /note for colleagues/ }).fill("Customer is in a hurry");
    await anna.getByRole("button", { name: "Add note" }).click();
    await expect(anna.locator("[data-author=NOTE]")).toContainText("Customer is in a hurry");

    await sofia.getByRole("link", { name: "Interactions", exact: true }).click();
    await row(sofia, names.ada).click();
    await expect(sofia.getByText("Monitoring; owned by Anna Rossi")).toBeVisible();
    await expect(anna.getByRole("img", { name: "Also viewing: Sofia Conti" })).toBeVisible();
    await anna.locator("button[aria-pressed]", { hasText: "Reply" }).click();
    await box(anna).pressSequentially("I am");
    const typing = sofia.getByText("Anna Rossi is typing");
    await expect(typing).toBeVisible();
    const [last, line] = [await sofia.locator("[data-message]").last().boundingBox(), await typing.boundingBox()];
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(line?.y ?? 0);
    await box(anna).fill("");
    await sofia.getByRole("button", { name: "Whisper" }).first().click();
    await sofia.getByRole("textbox", { name: "Write to the agent" }).fill("Offer the free upgrade");
    await sofia.getByRole("button", { name: "Whisper" }).last().click();
    await expect(anna.locator("[data-author=WHISPER]")).toContainText("free upgrade");
    await inspect(anna, "whisper");

    await ben.getByRole("link", { name: "Interactions", exact: true }).click();
    await row(ben, names.ada).click();
    await expect(ben.locator("[data-author=NOTE]")).toContainText("Customer is in a hurry");
    await expect(ben.locator("[data-author=WHISPER]")).toHaveCount(0);
    await expect(ada.bubble("hurry")).toHaveCount(0);
    await expect(ada.bubble("upgrade")).toHaveCount(0);
  });

  test("the badge counts messages that arrived while the owner looked elsewhere, even if a supervisor is viewing", async () => {
    await anna.getByRole("link", { name: "Dashboard" }).click();
    await ada.write("One more thing");
    await ada.write("and another");
    await expect(message(sofia, "and another")).toBeVisible();
    await expect(tab(anna, names.ada).getByRole("img", { name: "2 unread messages" })).toBeVisible();
    await tab(anna, names.ada).getByRole("link").click();
    await expect(tab(anna, names.ada).getByRole("img")).toHaveCount(0);
  });

  test("an agent adds and removes tags and can undo it", async () => {
    await anna.getByRole("tab", { name: "Interaction" }).click();
    await anna.getByRole("combobox", { name: "Add a tag" }).fill("urgent");
    await anna.keyboard.press("Enter");
    const off = anna.getByRole("button", { name: "Remove tag urgent" });
    await off.click();
    await expect(off).toHaveCount(0);
    await anna.getByRole("button", { name: "Undo" }).click();
    await expect(off).toBeVisible();
  });

  const transfer = async (page: Page, to: string, note?: string) => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: /^Transfer/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Find an agent or a queue" }).fill(to);
    await dialog.getByText(to, { exact: true }).click();
    if (note) await dialog.getByRole("textbox", { name: "Handover note" }).fill(note);
    if (note) await inspect(page, "transfer");
    await dialog.getByRole("button", { name: "Transfer" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Cancel transfer" })).toBeVisible();
  };

  test("a transfer rings at its target, and the sender can reply until it is accepted", async () => {
    await transfer(anna, "Ben Carter", "A gold customer");
    await expect(card(ben, "A gold customer")).toContainText("Transfer from Anna Rossi");
    await expect(card(ben, "A gold customer").getByRole("img", { name: /left to accept$/ })).toBeVisible();
    await inspect(ben, "transfer-offer");
    await box(anna).fill("A colleague will take over");
    await send(anna);
    await expect(ada.bubble("will take over")).toBeVisible();
    await card(ben, "A gold customer")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(tab(ben, names.ada)).toBeVisible();
    await expect(tab(anna, names.ada)).toHaveCount(0);
    await expect(ben.locator("[data-author=WHISPER]")).toContainText("free upgrade");
  });

  test("a transfer to a queue returns unread when rejected, and its sender can cancel it", async () => {
    await transfer(ben, "Bookings");
    await ben.getByRole("link", { name: "Interactions", exact: true }).click();
    await card(anna, names.ada)
      .getByRole("button", { name: /^Reject/ })
      .click();
    await expect(row(ben, names.ada).locator("[data-unread]")).toBeVisible();
    await expect(tab(ben, names.ada).getByRole("img", { name: "Returned to you" })).toBeVisible();
    await row(ben, names.ada).click();
    await expect(row(ben, names.ada).locator("[data-unread]")).toHaveCount(0);
    const back = ben.getByText("Not accepted by Bookings: rejected by everyone");
    await expect(back).toBeVisible();
    await ben.reload();
    await expect(back).toBeVisible();
    await inspect(ben, "transfer-back");
    await ben.getByRole("button", { name: "Dismiss" }).click();
    await expect(back).toHaveCount(0);

    // An open history updates, with one line for the event.
    await ben.getByRole("tab", { name: "History" }).click();
    const history = ben.getByRole("tabpanel");
    await expect(history).toContainText("Ben Carter took it over from Anna Rossi");
    await expect(history).toContainText("Transfer to Bookings ended: rejected by everyone");
    await transfer(ben, "Bookings");
    await expect(history.getByText("Ben Carter started a transfer to Bookings")).toHaveCount(2);
    await expect(ben.getByText("Waiting for Bookings to accept")).toBeVisible();
    await expect(card(anna, names.ada)).toBeVisible();
    await ben.getByRole("button", { name: "Cancel transfer" }).click();
    await expect(card(anna, names.ada)).toHaveCount(0);
    await expect(tab(ben, names.ada)).toBeVisible();
  });

  test("the list shows direction, state and unhandled counts, and a row's menu acts on it", async ({ browser }) => {
    await sofia.getByRole("link", { name: "Interactions", exact: true }).click();
    await expect(row(sofia, names.grace).getByTitle("From the customer")).toBeVisible();
    await expect(row(sofia, names.ada)).toContainText("Ben Carter");
    const emmy = await newPhone(browser, names.emmy);
    await emmy.write("Is anybody there?");
    const unmanaged = row(sofia, names.emmy).getByRole("img", { name: "1 unhandled" });
    await expect(unmanaged).toBeVisible();
    await card(anna, "Is anybody there?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(unmanaged).toHaveCount(0);

    const dots = sofia.getByRole("button", { name: `Actions for ${names.emmy}` });
    await dots.click();
    await sofia.getByRole("menuitem", { name: "Show details" }).click();
    await expect(message(sofia, "Is anybody there?")).toBeVisible();
    await expect(message(sofia, "where is my parcel?")).toHaveCount(0);
    await dots.click();
    await sofia.getByRole("menuitem", { name: "Close" }).click();
    await sofia.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await expect(tab(anna, names.emmy)).toBeVisible();
  });

  test("closing asks for confirmation and a disposition of three levels, which the list then shows", async () => {
    const { dispositions } = await api<{ dispositions: { id: string; label: string }[] }>(
      admin,
      "{ dispositions { id label } }",
    );
    const flight = dispositions.find((d) => d.label === "Flight");
    await api(admin, "mutation ($i: SaveDispositionInput!) { saveDisposition(input: $i) { disposition { id } } }", {
      i: { commandId: crypto.randomUUID(), label: "Charter", parentId: flight?.id, scope: "GLOBAL" },
    });
    await tab(ben, names.ada).hover();
    await tab(ben, names.ada)
      .getByRole("button", { name: /^Close the interaction/ })
      .click();
    const dialog = ben.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Disposition" }).selectOption("Sold");
    await dialog.getByRole("combobox", { name: "Level 2" }).selectOption("Flight");
    await dialog.getByRole("combobox", { name: "Level 3" }).selectOption("Charter");
    await inspect(ben, "close");
    await dialog.getByRole("button", { name: "Close with disposition" }).click();
    await expect(tab(ben, names.ada)).toHaveCount(0);
    await expect(ben.getByText(/^Closed by Ben Carter/)).toBeVisible();
    await expect(row(sofia, names.ada)).toContainText("Charter");
  });

  test("a mandatory disposition keeps the agent paused until it is chosen; close and next opens the next session", async ({
    browser,
  }) => {
    const setting = await signIn(browser, admin);
    const mandatory = async (on: boolean) => {
      await setting.goto(`${dev().url}/settings/accounts`);
      await setting.getByRole("button", { name: "Aurora Travel" }).click();
      await setting.getByRole("checkbox", { name: "Require disposition" }).setChecked(on, { force: true });
      await setting.getByRole("button", { name: "Save" }).click();
      await expect(setting.getByRole("dialog")).toHaveCount(0);
    };
    await mandatory(true);
    await tab(anna, names.grace).getByRole("link").click();
    await anna.getByRole("button", { name: "More actions" }).click();
    await anna.getByRole("menuitem", { name: /^Close and next/ }).click();
    await expect(anna.getByRole("dialog").getByText("You stay paused")).toBeVisible();
    await expect(anna.getByRole("dialog").getByRole("combobox", { name: "Disposition" })).toBeFocused();
    await anna.getByRole("dialog").getByRole("button", { name: "Close and next" }).click();
    await expect(message(anna, "Is anybody there?")).toBeVisible();
    await expect(anna.getByText(/^Choose a disposition to get/)).toBeVisible();
    await expect(anna.getByRole("button", { name: "Your status: Paused" })).toBeVisible();
    await inspect(anna, "disposition-due");
    // Every button for going available asks for the disposition.
    await anna.getByRole("button", { name: "Your status: Paused" }).click();
    await anna.getByRole("menuitem", { name: "Available" }).click();
    await expect(anna.getByRole("dialog", { name: `Disposition for ${names.grace}` })).toBeVisible();
    await anna.keyboard.press("Escape");
    await anna.getByRole("link", { name: "Dashboard" }).click();
    await anna.getByRole("main").getByRole("button", { name: "Set disposition" }).click();
    await anna.getByRole("dialog").getByRole("combobox", { name: "Disposition" }).selectOption("Spam");
    await anna.getByRole("dialog").getByRole("button", { name: "Save disposition" }).click();
    await expect(anna.getByRole("button", { name: "Your status: Available" })).toBeVisible();
    await mandatory(false);
  });

  test("the next message opens a new session and the previous one stays readable", async () => {
    await sofia.goto(`${dev().url}/interactions?view=all`);
    await expect(row(sofia, names.ada)).toHaveCount(1);
    await ada.write("Are you still there?");
    // The count belongs to the conversation: it shows on each of its rows and disappears from all of them.
    const unmanaged = row(sofia, names.ada).getByRole("img", { name: "1 unhandled" });
    await expect(unmanaged).toHaveCount(2);
    await card(anna, "Are you still there?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(message(anna, "Are you still there?")).toBeVisible();
    await expect(unmanaged).toHaveCount(0);
    await expect(message(anna, "where is my parcel?")).toHaveCount(0);
    await anna.getByRole("tab", { name: "Customer journey" }).click();
    await anna.getByRole("tabpanel").getByRole("link").last().click();
    await expect(message(anna, "where is my parcel?")).toBeVisible();
    await expect(anna.getByText(/^Closed by Ben Carter/)).toBeVisible();
    await anna.getByRole("tab", { name: "History" }).click();
    await expect(anna.getByRole("tabpanel")).toContainText("accepted");
  });
});
