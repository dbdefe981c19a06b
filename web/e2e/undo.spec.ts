import { expect, test } from "@playwright/test";
import {
  becomeAvailable,
  card,
  clearDesk,
  closeWindows,
  dev,
  message,
  newPhone,
  people,
  ringAt,
  row,
  signIn,
  signOut,
  unique,
} from "./world";

test.afterEach(closeWindows);

test("an agent deletes their own note for everyone and can undo it", async ({ browser }) => {
  const [anna] = people("AGENT");
  const [sofia] = people("SUPERVISOR");
  if (!anna || !sofia) throw new Error("the demo has an agent and a supervisor");
  await clearDesk();
  await ringAt([anna]);
  await signOut([anna]);
  const page = await signIn(browser, anna);
  await becomeAvailable(page);
  const name = unique("Maria Goeppert");
  const phone = await newPhone(browser, name);
  await phone.write("Hello there");
  await card(page, "Hello there")
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(message(page, "Hello there")).toBeVisible();
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: /note for colleagues/ }).fill("Customer was rude");
  await page.keyboard.press("Enter");
  const watching = await signIn(browser, sofia);
  await watching.getByRole("link", { name: "Interactions", exact: true }).click();
  await row(watching, name).click();
  await expect(message(watching, "Customer was rude")).toBeVisible();
  await expect(watching.getByRole("button", { name: "Delete note" })).toHaveCount(0);

  await message(page, "Customer was rude").hover();
  await page.getByRole("button", { name: "Delete note" }).click();
  for (const p of [page, watching]) {
    await expect(message(p, "Customer was rude")).toHaveCount(0);
    await expect(p.locator("[data-author=NOTE]")).toContainText("This note was deleted");
  }
  await page.getByRole("button", { name: "Undo" }).click();
  for (const p of [page, watching]) await expect(message(p, "Customer was rude")).toBeVisible();
});

test("an undo restores a contact's saved fields and tags", async ({ browser }) => {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const page = await signIn(browser, admin);
  await page.goto(`${dev().url}/contacts`);
  await page.getByRole("list", { name: "Contacts" }).getByRole("link").first().click();
  const field = (label: string) => page.getByRole("tabpanel").getByLabel(label);
  await expect(field("First name")).toBeVisible();
  const before = { first: await field("First name").inputValue(), tags: await field("Tags").inputValue() };
  const first = unique("Augusta");
  await field("First name").fill(first);
  await field("Tags").fill("pioneer");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Contact saved")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(first);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText(first);
  await expect(field("First name")).toHaveValue(before.first);
  await expect(field("Tags")).toHaveValue(before.tags);
  await page.reload();
  await expect(field("First name")).toHaveValue(before.first);
  await expect(field("Tags")).toHaveValue(before.tags);
});
