import { expect, type Page, test } from "@playwright/test";
import {
  api,
  becomeAvailable,
  card,
  clearDesk,
  closeWindows,
  message,
  newPhone,
  type Person,
  people,
  ringAt,
  row,
  signIn,
  signOut,
  tab,
  unique,
} from "./world";

test.describe.configure({ mode: "serial" });

/** Covers what surrounds every page: the palette, the session tabs, the tags of a row. */
test.describe("the frame around every page", () => {
  let one: Person;
  let sofia: Person;
  let admin: Person;
  let anna: Page;
  const names = [unique("Ada Yonath"), unique("Dorothy Hodgkin"), unique("Irène Joliot")];

  const policy =
    "maskName { mode keep } maskPhone { mode keep } maskEmail { mode keep } pauseReasons tagThreshold tabsLimit " +
    "disconnectAfter missedOffersLimit";
  const setPolicy = async (change: { tabsLimit?: number; tagThreshold?: number }) => {
    const now = await api<{ policy: object }>(admin, `{ policy { ${policy} } }`);
    await api(admin, "mutation ($i: SavePolicyInput!) { savePolicy(input: $i) { policy { tabsLimit } } }", {
      i: { ...now.policy, ...change, commandId: crypto.randomUUID() },
    });
  };
  const palette = async (page: Page) => {
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Command palette" });
    await expect(dialog).toBeVisible();
    return dialog;
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
    anna = await signIn(browser, one);
    await becomeAvailable(anna);
    for (const name of names) {
      const phone = await newPhone(browser, name);
      await phone.write(`I am ${name}`);
      await card(anna, name)
        .getByRole("button", { name: /^Accept/ })
        .click();
      await expect(message(anna, `I am ${name}`)).toBeVisible();
    }
  });
  test.afterAll(async () => {
    await setPolicy({ tabsLimit: 20, tagThreshold: 3 });
    await closeWindows();
  });

  test("sessions beyond the tab limit move to a menu and open from there", async () => {
    await setPolicy({ tabsLimit: 2 });
    await expect(anna.locator("[data-session]")).toHaveCount(2);
    await expect(tab(anna, names[2] ?? "")).toHaveCount(0);
    await anna.getByRole("button", { name: "1 more session" }).click();
    await anna.getByRole("menuitem", { name: names[2] ?? "" }).click();
    await expect(message(anna, `I am ${names[2]}`)).toBeVisible();
    await setPolicy({ tabsLimit: 20 });
    await expect(anna.locator("[data-session]")).toHaveCount(3);
  });

  test("the palette finds pages, sessions, actions and people, each within the user's permissions", async ({
    browser,
  }) => {
    const mine = await palette(anna);
    for (const place of ["Dashboard", "Interactions", "Contacts"]) {
      await expect(mine.getByRole("option", { name: place, exact: false }).first()).toBeVisible();
    }
    for (const place of ["Realtime", "Settings"])
      await expect(mine.getByRole("option", { name: place })).toHaveCount(0);
    await expect(mine.getByRole("option", { name: /^Close the interaction/ })).toBeVisible();
    await anna.keyboard.type((names[0] ?? "").slice(0, 10));
    await anna.keyboard.press("Enter");
    await expect(message(anna, `I am ${names[0]}`)).toBeVisible();
    await palette(anna);
    await anna.keyboard.type("transf");
    await anna.keyboard.press("Enter");
    await expect(anna.getByRole("dialog", { name: /^Transfer / })).toBeVisible();
    await anna.keyboard.press("Escape");

    const watching = await signIn(browser, sofia);
    const other = await palette(watching);
    await expect(other.getByRole("option", { name: /^Realtime/ })).toBeVisible();
    await expect(other.getByRole("option", { name: "Settings" })).toHaveCount(0);
    await expect(other.getByRole("option", { name: /^Transfer/ })).toHaveCount(0);
    await watching.keyboard.type(names[1] ?? "");
    await expect(other.getByRole("option", { name: names[1] ?? "" })).toBeVisible();
    await watching.keyboard.press("Enter");
    await expect(message(watching, `I am ${names[1]}`)).toBeVisible();

    const setting = await signIn(browser, admin);
    const theirs = await palette(setting);
    await setting.keyboard.type("sett");
    await theirs.getByRole("option", { name: "Settings" }).click();
    await expect(setting).toHaveURL(/\/settings\/accounts/);
  });

  test("tags are shown one by one up to the threshold and as one grey label beyond it", async () => {
    await setPolicy({ tagThreshold: 3 });
    await anna.getByRole("link", { name: "Interactions", exact: true }).click();
    const id = await row(anna, names[0] ?? "").getAttribute("data-row");
    const put = (tag: string) =>
      api(one, "mutation ($i: TagInput!) { addTag(input: $i) { interaction { id } } }", {
        i: { commandId: crypto.randomUUID(), interactionId: id, tag },
      });
    await put("vip");
    await put("ribosomes");
    await expect(row(anna, names[0] ?? "").locator("[data-color=amber]")).toBeVisible();
    await expect(row(anna, names[0] ?? "").getByText("ribosomes")).toBeVisible();
    await put("nobel");
    await expect(row(anna, names[0] ?? "").getByText("ribosomes")).toHaveCount(0);
    const grey = row(anna, names[0] ?? "").getByTitle(/^vip, ribosomes,? and nobel$/);
    await expect(grey).toHaveText("3 tags");
  });
});
