import { expect, test } from "@playwright/test";
import { becomeAvailable, clearDesk, closeWindows, inspect, message, newPhone, people, ringAt, signIn } from "./world";

test.afterEach(closeWindows);

test("files and voice messages go both ways, and a draft is kept", async ({ browser }) => {
  const [agent] = people("AGENT");
  if (!agent) throw new Error("the demo has an agent");
  await clearDesk();
  await ringAt([agent]);
  const page = await signIn(browser, agent);
  await page.context().grantPermissions(["microphone"]);
  await becomeAvailable(page);
  const customer = await newPhone(browser, "Mary Anning");
  await customer.write("Can you send me the voucher?");
  await expect(page.locator("[data-offer]")).toContainText("voucher");
  await page.keyboard.press("a");
  await expect(message(page, "voucher")).toBeVisible();

  // A message carries one file with its caption.
  await page.locator("input[type=file]").setInputFiles({
    name: "voucher.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Voucher 4711"),
  });
  const box = page.getByRole("textbox", { name: /^Write to/ });
  await box.fill("Here it is");
  await box.press("Enter");
  await expect(message(page, "voucher.txt").locator("[data-tick=two], [data-tick=two-read]")).toBeVisible();
  await expect(customer.bubble("voucher.txt")).toBeVisible();

  // A voice message is recorded from a fake microphone that beeps.
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(page.getByRole("timer")).toHaveText(/[1-9]s/);
  await page.getByRole("button", { name: "Send voice message" }).click();
  await expect(page.locator("[data-author=AGENT] [data-voice]")).toBeVisible();
  await expect(customer.root.locator("audio")).toBeVisible();
  await inspect(page, "files");

  // Drafts are kept on the server and marked in the list.
  await box.fill("I will call you tomorrow");
  await page.getByRole("link", { name: "Dashboard" }).click();
  await page.reload();
  await expect(page.getByText("Draft:")).toBeVisible();
  await page.locator("[data-session]").getByRole("link").click();
  await expect(box).toHaveValue("I will call you tomorrow");
});
