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

  // Drafts are kept on the server and marked in the list: the reply with its quote, and a note.
  await page.getByRole("button", { name: "Note", exact: true }).click();
  const note = page.getByRole("textbox", { name: /note for colleagues/ });
  await note.fill("Knows the quarry");
  await page.getByRole("button", { name: "Reply", exact: true, pressed: false }).first().click();
  await message(page, "Can you send me").hover();
  await message(page, "Can you send me").getByRole("button", { name: "Reply" }).click();
  await box.fill("I will call you tomorrow");
  await page.getByRole("link", { name: "Dashboard" }).click();
  await page.reload();
  await expect(page.getByText("Draft:")).toBeVisible();
  await page.locator("[data-session]").getByRole("link").click();
  await expect(box).toHaveValue("I will call you tomorrow");
  await expect(page.getByText("Replying to Mary Anning")).toBeVisible();
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await expect(note).toHaveValue("Knows the quarry");
  await page.getByRole("toolbar", { name: "Type of message" }).getByRole("button", { name: "Reply" }).click();

  // A refused message is still there after a reload, as not sent, and goes out once.
  await page.route("**/graphql", async (r) => {
    if (!r.request().postData()?.includes("sendMessage")) return r.fallback();
    await r.fulfill({
      json: { data: null, errors: [{ message: "Busy", extensions: { code: "BUSY", kind: "CONFLICT" } }] },
    });
  });
  const saved = page.waitForResponse((r) => r.request().postData()?.includes('"MESSAGE"') ?? false);
  await box.press("Enter");
  await saved;
  await page.unroute("**/graphql");
  await page.reload();
  const unsent = message(page, "I will call you tomorrow");
  await expect(unsent).toHaveAttribute("data-status", "NOT_SENT");
  await inspect(page, "unsent");
  await unsent.getByRole("button", { name: "Try again" }).click();
  await expect(customer.bubble("I will call you tomorrow")).toHaveCount(1);
  await expect(unsent).toHaveAttribute("data-status", /SENT|DELIVERED|READ/);
  await page.reload();
  await expect(unsent).toHaveCount(1);
});
