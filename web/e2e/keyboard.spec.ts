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

/** A session again, and no agent touches the mouse. */
test.describe("a session on the keyboard alone", () => {
  let anna: Page;
  let ben: Page;
  const names = { mary: unique("Mary Somerville"), rosa: unique("Rosa Luxemburg") };
  let mary: Phone;
  let rosa: Phone;
  const box = (page: Page) => page.getByRole("textbox", { name: /^Write to/ });
  /** Goes on with Tab until the control has the focus. */
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

  test("? tells the keys, Ctrl K goes anywhere", async () => {
    await anna.keyboard.press("?");
    await expect(anna.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await inspect(anna, "keys");
    await anna.keyboard.press("Escape");
    await anna.keyboard.press("Control+k");
    await expect(anna.getByRole("dialog", { name: "Go anywhere, do anything" })).toBeVisible();
    await anna.keyboard.type("interac");
    await inspect(anna, "palette");
    await anna.keyboard.press("Enter");
    await expect(anna).toHaveURL(/\/interactions/);
  });

  test("what is typed right after Ctrl K is for the palette, however late it comes (B18)", async () => {
    await mary.write("Can I bring my telescope?");
    await anna.route("**/assets/Palette*", async (r) => {
      await new Promise((done) => setTimeout(done, 1500));
      await r.continue();
    });
    await anna.reload();
    await expect(card(anna, "my telescope?")).toBeVisible();
    await anna.keyboard.press("Control+k");
    await anna.keyboard.type("ann");
    await expect(anna.getByRole("combobox", { name: /^Type a place/ })).toHaveValue("ann");
    await anna.keyboard.press("Escape");
    await expect(card(anna, "my telescope?")).toBeVisible();
    await anna.unroute("**/assets/Palette*");
  });

  test("A accepts and X rejects what rings (R46, R47)", async () => {
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

  test("[ and ] go through the sessions; J, K and Enter through the list; S searches it", async () => {
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

  test("R writes, / inserts a canned answer, N notes (R51, R53, R58)", async () => {
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

  test("T hands over, A takes it (R68–R74)", async () => {
    await anna.keyboard.press("t");
    const dialog = anna.getByRole("dialog");
    await expect(dialog.getByRole("textbox", { name: "Find an agent or a queue" })).toBeFocused();
    await anna.keyboard.type("Ben Carter");
    await tabTo(anna, dialog.getByRole("radio", { name: /Ben Carter/ }));
    await anna.keyboard.press("Space");
    await tabTo(anna, dialog.getByRole("textbox", { name: "What they should know" }));
    await anna.keyboard.type("She knows the stars");
    await tabTo(anna, dialog.getByRole("button", { name: "Transfer" }));
    await anna.keyboard.press("Enter");
    await expect(card(ben, "She knows the stars")).toBeVisible();
    await ben.keyboard.press("a");
    await expect(message(ben, "my telescope?")).toBeVisible();
    await expect(tab(anna, names.mary)).toHaveCount(0);
  });

  test("E closes; Shift E closes and goes on to the next (R65)", async () => {
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
