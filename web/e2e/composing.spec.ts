import { type Browser, expect, type Page, test } from "@playwright/test";
import { becomeAvailable, clearDesk, control, dev, inspect, message, newPhone, people, ringAt, signIn } from "./world";

const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Returns an agent in a conversation that a customer of this name started. */
async function talking(browser: Browser, name: string) {
  const [agent] = people("AGENT");
  if (!agent) throw new Error("the demo has an agent");
  await clearDesk();
  await ringAt([agent]);
  const page = await signIn(browser, agent);
  await becomeAvailable(page);
  const customer = await newPhone(browser, name);
  await customer.write("Where do I find you?");
  await expect(page.locator("[data-offer]")).toContainText("Where do I find you?");
  await page.keyboard.press("a");
  await expect(message(page, "Where do I find you?")).toBeVisible();
  return { agent, page, customer, box: page.getByRole("textbox", { name: /^Write to/ }) };
}

/** Drops files on the composer, or pastes them into it. */
async function give(page: Page, how: "drop" | "paste", files: { name: string; type: string; size: number }[]) {
  await page.getByRole("textbox", { name: /^Write to/ }).evaluate(
    (el, [kind, all]) => {
      const data = new DataTransfer();
      for (const f of all) data.items.add(new File([new Uint8Array(f.size).fill(65)], f.name, { type: f.type }));
      const init = { bubbles: true, cancelable: true };
      el.dispatchEvent(
        kind === "drop"
          ? new DragEvent("drop", { ...init, dataTransfer: data })
          : new ClipboardEvent("paste", { ...init, clipboardData: data }),
      );
    },
    [how, files] as const,
  );
}

test("an administrator attaches a file to a canned answer; an agent picks it with / and sends both", async ({
  browser,
}) => {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const setting = await signIn(browser, admin);
  await setting.goto(`${dev().url}/settings/canned`);
  await setting.getByRole("button", { name: "New" }).click();
  const form = setting.getByRole("dialog");
  const shortcut = `way${Date.now().toString(36)}`;
  await form.getByLabel("Title").fill("The way to us");
  await form.getByLabel("Shortcut").fill(shortcut);
  await form.getByLabel("Text", { exact: true }).fill("Dear {{contact.firstname}}, here is the way.");
  await form.locator("input[type=file]").setInputFiles({ name: "way.png", mimeType: "image/png", buffer: dot });
  await expect(form.locator("[data-kept='way.png'] img")).toBeVisible();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("alert")).toContainText("Unknown variable");
  await form.getByLabel("Text", { exact: true }).fill("Dear {{contact.firstName}}, here is the way.");
  await inspect(setting, "settings-canned-file");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);

  const { page, customer, box } = await talking(browser, "Clara Immerwahr");
  await box.press("/");
  const search = page.getByRole("combobox", { name: "Canned answers" });
  await search.fill(shortcut);
  await search.press("Enter");
  await expect(box).toHaveValue("Dear Clara, here is the way.");
  await expect(page.locator("[data-attached='way.png'] img")).toBeVisible();
  await inspect(page, "composer-canned");
  await box.press("Enter");
  const sent = page.locator("[data-author=AGENT]").filter({ hasText: "here is the way" });
  await expect(sent.locator("img")).toBeVisible();
  await expect(customer.bubble("Dear Clara, here is the way.").locator("img")).toBeVisible();

  // Removing the file keeps the text.
  await setting.getByRole("button", { name: "The way to us" }).last().click();
  await form.getByRole("button", { name: "Remove way.png" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);
  await box.press("/");
  await search.fill(shortcut);
  await search.press("Enter");
  await expect(box).toHaveValue("Dear Clara, here is the way.");
  await expect(page.locator("[data-attached]")).toHaveCount(0);
});

test("each dropped or pasted file becomes a message, and an oversized one is refused with an explanation", async ({
  browser,
}) => {
  const { page, customer, box } = await talking(browser, "Lise Meitner");
  await give(page, "drop", [
    { name: "one.txt", type: "text/plain", size: 10 },
    { name: "two.txt", type: "text/plain", size: 10 },
  ]);
  await expect(page.getByText("Sent as 2 messages")).toBeVisible();
  await give(page, "paste", [{ name: "shot.png", type: "image/png", size: 10 }]);
  await page.getByRole("button", { name: "Remove shot.png" }).click();
  await give(page, "drop", [{ name: "film.mp4", type: "video/mp4", size: 15 * 1024 * 1024 + 1 }]);
  await expect(page.getByText("film.mp4 is larger than 15 MB")).toBeVisible();
  await expect(page.locator("[data-attached]")).toHaveCount(2);
  await box.fill("Both of them");
  await box.press("Enter");
  await expect(customer.bubble("one.txt")).toContainText("Both of them");
  await expect(customer.bubble("two.txt")).toBeVisible();

  // An upload in progress can be cancelled.
  await page.route("**/attachments*", () => undefined);
  await give(page, "drop", [{ name: "slow.txt", type: "text/plain", size: 10 }]);
  await box.press("Enter");
  await page.getByRole("button", { name: "Cancel upload of slow.txt" }).click();
  await expect(message(page, "slow.txt")).toHaveCount(0);
  await page.unroute("**/attachments*");

  // A refused upload says why and can be retried.
  await page.route("**/attachments*", (r) =>
    r.fulfill({
      status: 507,
      json: { code: "STORAGE_FULL", message: "There is no room for more files at the moment." },
    }),
  );
  await give(page, "drop", [{ name: "late.txt", type: "text/plain", size: 10 }]);
  await box.press("Enter");
  await expect(message(page, "late.txt").getByRole("alert")).toContainText("Storage is full");
  await page.unroute("**/attachments*");
  await message(page, "late.txt").getByRole("button", { name: "Try again" }).click();
  await expect(customer.bubble("late.txt")).toBeVisible();
});

test("an agent records, plays back and sends a voice message; marks, reactions, edits and deletions show", async ({
  browser,
}) => {
  const { page, customer, box } = await talking(browser, "Emmy Noether");
  await page.context().grantPermissions(["microphone"]);
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(page.getByRole("timer")).toHaveText(/[1-9]s/);
  await page.getByRole("button", { name: "Stop and listen" }).click();
  await expect(page.getByRole("slider", { name: "Your recording" })).toHaveAttribute("data-drawn", "true");
  await page.getByRole("button", { name: "Play: Your recording" }).click();
  await expect(page.getByRole("button", { name: "Pause: Your recording" })).toBeVisible();
  await inspect(page, "voice-listen");
  await page.getByRole("button", { name: "Send voice message" }).click();
  const heard = page.locator("[data-author=AGENT] [data-voice]");
  await expect(heard.getByRole("slider")).toHaveAttribute("data-drawn", "true");

  await customer.write("*bold* _soft_ ~old~\n> quoted\n- point\n1. first");
  const marked = message(page, "quoted");
  for (const tag of ["strong", "em", "s", "blockquote", "ul > li", "ol > li"]) {
    await expect(marked.locator(tag)).toBeVisible();
  }

  // Reactions go both ways.
  const theirs = message(page, "Where do I find you?");
  await theirs.hover();
  await theirs.getByRole("button", { name: "React" }).click();
  await page.getByRole("button", { name: "👍" }).click();
  await expect(customer.bubble("Where do I find you?").getByTestId("reactions")).toHaveText("👍");
  await box.fill("Round the corner");
  await box.press("Enter");
  const told = customer.bubble("Round the corner");
  await control(`phones/${customer.digits}/reactions`, { messageId: await told.getAttribute("data-id"), emoji: "❤️" });
  await expect(message(page, "Round the corner")).toContainText("❤️");

  // Edits and deletions by the customer are marked as such.
  await customer.write("I come at noon");
  const noon = { messageId: await customer.bubble("I come at noon").getAttribute("data-id") };
  await control(`phones/${customer.digits}/edits`, { ...noon, text: "I come at one" });
  await expect(message(page, "I come at one")).toContainText("edited");
  await control(`phones/${customer.digits}/revokes`, noon);
  await expect(message(page, "The customer deleted this message")).toBeVisible();

  // Emoji can be found by name with the keyboard alone.
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("combobox", { name: "Search emoji" }).fill("parcel");
  await page.keyboard.press("Enter");
  await expect(box).toHaveValue("📦");
  await box.fill("");

  // A failed message shows a single mark, the reason and a Retry button.
  await control("trouble", { code: 131026, coded: 1 });
  await box.fill("Does this arrive?");
  await box.press("Enter");
  const failed = message(page, "Does this arrive?").first();
  await expect(failed).toHaveAttribute("data-status", "FAILED");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(customer.bubble("Does this arrive?")).toBeVisible();
});

test("an agent settles several messages of unknown delivery at once", async ({ browser }) => {
  const { page, customer, box } = await talking(browser, "Chien-Shiung Wu");
  const bar = page.locator("[data-unknown]");
  const sendInDoubt = async (...texts: string[]) => {
    await control("trouble", { serverError: texts.length });
    for (const text of texts) {
      await box.fill(text);
      await box.press("Enter");
      await expect(message(page, text).first()).toHaveAttribute("data-status", "UNKNOWN");
    }
    await expect(bar).toContainText(`${texts.length} messages: delivery unknown`);
  };

  await sendInDoubt("We close at six", "Tomorrow at noon");
  await inspect(page, "conversation-unknown");
  await bar.getByRole("button", { name: "Resend all" }).click();
  await expect(customer.bubble("We close at six")).toBeVisible();
  await expect(customer.bubble("Tomorrow at noon")).toBeVisible();
  await expect(bar).toHaveCount(0);

  await sendInDoubt("Bring the receipt", "And the box");
  const conversation = page.url();
  await page.goto(dev().url);
  await expect(bar).toContainText("2 messages: delivery unknown (in 1 session)");
  await inspect(page, "dashboard-unknown");
  await bar.getByRole("button", { name: "Mark as not sent" }).click();
  await expect(bar).toHaveCount(0);
  await page.goto(conversation);
  await expect(message(page, "Bring the receipt")).toHaveAttribute("data-status", "FAILED");
  await expect(message(page, "And the box")).toContainText("Marked as not sent");
});

test("an account without attachments has no attach button and says why", async ({ browser }) => {
  const { page } = await talking(browser, "Rosalind Franklin");
  await expect(page.getByRole("button", { name: "Attach a file" })).toBeVisible();
  await page.route("**/graphql", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replaceAll('"attachments":true', '"attachments":false') });
  });
  await page.reload();
  await expect(page.getByText("Attachments are off")).toBeVisible();
  await expect(page.getByRole("button", { name: "Attach a file" })).toHaveCount(0);
  await give(page, "drop", [{ name: "one.txt", type: "text/plain", size: 10 }]);
  await expect(page.locator("[data-attached]")).toHaveCount(0);
});

test("an administrator reads the raw events and is told that this is recorded; an agent cannot", async ({
  browser,
}) => {
  const { page: agentPage } = await talking(browser, "Ada Yonath");
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const page = await signIn(browser, admin);
  await page.goto(dev().url + new URL(agentPage.url()).pathname);
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "Events", exact: true }).click();
  await expect(page.getByText("Viewing is logged")).toBeVisible();
  await page.getByRole("button", { name: "View events" }).click();
  const opened = page.locator("[data-event=InteractionOpened]");
  await opened.getByRole("button", { name: /InteractionOpened/ }).click();
  await expect(opened.locator("pre")).toContainText('"accountId"');
  await expect(page.locator("[data-event=InteractionAccepted]")).toBeVisible();
  await inspect(page, "panel-events");
  await agentPage.getByRole("tab", { name: "History" }).click();
  await expect(agentPage.getByRole("button", { name: "Events", exact: true })).toHaveCount(0);
});
