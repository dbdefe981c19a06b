import { expect, test } from "@playwright/test";
import { becomeAvailable, clearDesk, dev, inspect, message, newPhone, people, ringAt, signIn } from "./world";

test("a supervisor reads along and whispers, the agent hands over, the other takes it with the note", async ({
  browser,
}) => {
  const [one, two] = people("AGENT");
  const [supervisor] = people("SUPERVISOR");
  if (!one || !two || !supervisor) throw new Error("the demo has two agents and a supervisor");
  await clearDesk();
  await ringAt([one, two]);
  const first = await signIn(browser, one);
  const second = await signIn(browser, two);
  await becomeAvailable(first);
  const customer = await newPhone(browser, "Ida Noether");
  await customer.write("I would like to change my booking");
  await expect(first.locator("[data-offer]")).toContainText("change my booking");
  await first.keyboard.press("a");
  await expect(message(first, "change my booking")).toBeVisible();
  const address = new URL(first.url()).pathname;

  // R60, R61, A22: reading along owns nothing; what is whispered reaches the owner, never the customer.
  const watching = await signIn(browser, supervisor);
  await watching.goto(dev().url + address);
  await expect(watching.getByText(/^You are reading along/)).toBeVisible();
  await watching.getByRole("button", { name: "Whisper" }).first().click();
  await watching.getByRole("textbox", { name: "Write to the agent" }).fill("Offer her the free upgrade");
  await watching.keyboard.press("Enter");
  await expect(first.locator("[data-author=WHISPER]")).toContainText("free upgrade");
  await expect(customer.bubble("free upgrade")).toHaveCount(0);
  await inspect(first, "whisper");

  // R117: tags, and their undo.
  await first.getByRole("tab", { name: "Interaction" }).click();
  await first.getByRole("combobox", { name: "Add a tag" }).fill("urgent");
  await first.keyboard.press("Enter");
  const off = first.getByRole("button", { name: "Remove the tag urgent" });
  await expect(off).toBeVisible();
  await off.click();
  await expect(off).toHaveCount(0);
  await first.getByRole("button", { name: "Undo" }).click();
  await expect(off).toBeVisible();

  // R70: who is not online cannot be chosen; R71–R74: who is, takes it over with the note.
  await becomeAvailable(second);
  await first.locator("[data-log]").click();
  await first.keyboard.press("t");
  const dialog = first.getByRole("dialog");
  const name = two.login.charAt(0).toUpperCase() + two.login.slice(1);
  await dialog.getByRole("textbox", { name: "Find an agent or a queue" }).fill(name);
  await dialog.getByRole("radio", { name: new RegExp(name) }).check({ force: true });
  await dialog.getByRole("textbox", { name: "What they should know" }).fill("She is a gold customer");
  await inspect(first, "transfer");
  await dialog.getByRole("button", { name: "Transfer" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(first.getByRole("button", { name: "Take back" })).toBeVisible();
  await expect(second.locator("[data-offer]")).toContainText("She is a gold customer");
  await inspect(second, "transfer-offer");
  await second.keyboard.press("a");
  await expect(message(second, "change my booking")).toBeVisible();
  await expect(first.locator("[data-session]")).toHaveCount(0);

  // B1: the story says it all.
  await second.getByRole("tab", { name: "History" }).click();
  await expect(second.getByRole("tabpanel")).toContainText("accepted");
});
