import { expect, type Locator, type Page, test } from "@playwright/test";
import {
  becomeAvailable,
  card,
  clearDesk,
  closeWindows,
  inspect,
  message,
  newPhone,
  type Phone,
  people,
  ringAt,
  row,
  signIn,
  tab,
  unique,
} from "./world";

test.describe.configure({ mode: "serial" });

/** Repeats a session without touching the mouse. */
test.describe("a session on the keyboard alone", () => {
  let anna: Page;
  let ben: Page;
  const names = { mary: unique("Mary Somerville"), rosa: unique("Rosa Luxemburg") };
  let mary: Phone;
  let rosa: Phone;
  const box = (page: Page) => page.getByRole("textbox", { name: /^Write to/ });
  /** Presses Tab until the control has the focus. */
  const tabTo = async (page: Page, wanted: Locator) => {
    await expect(async () => {
      await page.keyboard.press("Tab");
      await expect(wanted).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0] });
  };

  test.beforeAll(async ({ browser }) => {
    const [one, two] = people("AGENT");
    if (!one || !two) throw new Error("the demo has two agents");
    await clearDesk();
    await ringAt([one, two]);
    anna = await signIn(browser, one);
    ben = await signIn(browser, two);
    await becomeAvailable(anna);
    await becomeAvailable(ben);
    mary = await newPhone(browser, names.mary);
    rosa = await newPhone(browser, names.rosa);
  });
  test.afterAll(closeWindows);

  test("? lists the keys and Ctrl K opens the palette", async () => {
    await anna.keyboard.press("?");
    await expect(anna.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await inspect(anna, "keys");
    await anna.keyboard.press("Escape");
    await anna.keyboard.press("Control+k");
    await expect(anna.getByRole("dialog", { name: "Command palette" })).toBeVisible();
    await anna.keyboard.type("interac");
    await inspect(anna, "palette");
    await anna.keyboard.press("Enter");
    await expect(anna).toHaveURL(/\/interactions/);
  });

  test("keys typed right after Ctrl K go to the palette, however late it opens", async () => {
    await mary.write("Can I bring my telescope?");
    await anna.route("**/assets/Palette*", async (r) => {
      await new Promise((done) => setTimeout(done, 1500));
      await r.continue();
    });
    await anna.reload();
    await expect(card(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("Control+k");
    await anna.keyboard.type("ann");
    await expect(anna.getByRole("combobox", { name: /^Search pages/ })).toHaveValue("ann");
    await anna.keyboard.press("Escape");
    await expect(card(anna, "my telescope?")).toBeVisible();
    await anna.unroute("**/assets/Palette*");
  });

  test("A accepts an offer and X rejects it", async () => {
    await expect(card(ben, "my telescope?")).toBeVisible();
    await ben.keyboard.press("x");
    await expect(card(ben, "my telescope?")).toHaveCount(0);
    await expect(card(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("a");
    await expect(message(anna, "my telescope?")).toBeVisible();
    await rosa.write("Is the train on time?");
    await expect(card(anna, "train on time?")).toBeVisible();
    await anna.keyboard.press("a");
    await expect(message(anna, "train on time?")).toBeVisible();
  });

  test("[ and ] switch sessions, J, K and Enter move in the list, S searches it", async () => {
    await anna.keyboard.press("[");
    await expect(message(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("]");
    await expect(message(anna, "train on time?")).toBeVisible();
    await anna.keyboard.press("Escape");
    await expect(anna.locator("[data-conversation]")).toHaveCount(0);
    await anna.keyboard.press("j");
    await expect(row(anna, names.rosa)).toBeFocused();
    await anna.keyboard.press("j");
    await anna.keyboard.press("k");
    await anna.keyboard.press("j");
    await expect(row(anna, names.mary)).toBeFocused();
    await anna.keyboard.press("Enter");
    await expect(message(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("s");
    await anna.keyboard.type(names.rosa);
    await expect(row(anna, names.mary)).toHaveCount(0);
    await expect(message(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("Escape");
    await expect(row(anna, names.mary)).toBeVisible();
    await anna.keyboard.press("Escape");
  });

  test("R starts a reply, / inserts a canned answer, N writes a note", async () => {
    await anna.keyboard.press("r");
    await expect(box(anna)).toBeFocused();
    await anna.keyboard.type("Of course you can");
    await anna.keyboard.press("Enter");
    await expect(mary.bubble("Of course you can")).toBeVisible();
    await anna.keyboard.press("Escape");
    await anna.keyboard.press("/");
    await expect(anna.getByRole("combobox", { name: "Canned answers" })).toBeFocused();
    await anna.keyboard.type("wait");
    await expect(anna.getByRole("option", { selected: true })).toContainText("/wait");
    await anna.keyboard.press("Enter");
    await expect(box(anna)).toHaveValue(/^One moment please/);
    await anna.keyboard.press("Enter");
    await expect(mary.bubble("One moment please")).toBeVisible();
    await anna.keyboard.press("Escape");
    await anna.keyboard.press("n");
    await anna.keyboard.type("An astronomer");
    await anna.keyboard.press("Enter");
    await expect(anna.locator("[data-author=NOTE]")).toContainText("An astronomer");
    await anna.keyboard.press("Escape");
  });

  test("T transfers a session and A accepts the transfer", async () => {
    await anna.keyboard.press("t");
    const dialog = anna.getByRole("dialog");
    await expect(dialog.getByRole("textbox", { name: "Find an agent or a queue" })).toBeFocused();
    await anna.keyboard.type("Ben Carter");
    await tabTo(anna, dialog.getByRole("radio", { name: /Ben Carter/ }));
    await anna.keyboard.press("Space");
    await tabTo(anna, dialog.getByRole("textbox", { name: "Handover note" }));
    await anna.keyboard.type("Knows the stars");
    await tabTo(anna, dialog.getByRole("button", { name: "Transfer" }));
    await anna.keyboard.press("Enter");
    await expect(card(ben, "Knows the stars")).toBeVisible();
    await ben.keyboard.press("a");
    await expect(message(ben, "my telescope?")).toBeVisible();
    await expect(ben.locator("[data-handover]")).toContainText("Knows the stars");
    await expect(tab(anna, names.mary)).toHaveCount(0);
  });

  test("E closes a session and Shift E closes it and opens the next", async () => {
    await mary.write("Thank you");
    await expect(message(ben, "Thank you")).toBeVisible();
    await ben.keyboard.press("e");
    await expect(ben.getByRole("dialog")).toBeVisible();
    await ben.keyboard.press("Escape");
    await expect(tab(ben, names.mary)).toBeVisible();
    await ben.keyboard.press("e");
    await expect(ben.getByRole("dialog").getByRole("button", { name: "Close", exact: true })).toBeFocused();
    await ben.keyboard.press("Enter");
    await expect(ben.getByText(/^Closed by Ben Carter/)).toBeVisible();

    await mary.write("One more question");
    await expect(card(anna, "One more question")).toBeVisible();
    await anna.keyboard.press("a");
    await expect(message(anna, "One more question")).toBeVisible();
    await anna.keyboard.press("Shift+E");
    await expect(anna.getByRole("dialog").getByRole("button", { name: "Close and next" })).toBeFocused();
    await anna.keyboard.press("Enter");
    await expect(message(anna, "train on time?")).toBeVisible();
    await expect(tab(anna, names.mary)).toHaveCount(0);
  });
});
