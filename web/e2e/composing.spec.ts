import { type Browser, expect, type Page, test } from "@playwright/test";
import { becomeAvailable, clearDesk, control, dev, inspect, message, newPhone, people, ringAt, signIn } from "./world";

const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** An agent in a conversation that a customer of this name has begun. */
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

/** Lets go of files over the composer, or pastes them into it. */
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

test("an admin gives a canned answer a file; an agent picks it by /, sees both and sends them", async ({ browser }) => {
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
  await expect(form.getByRole("alert")).toContainText("There is no such variable. Use contact.name");
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

  // The file is taken away again; the text stays.
  await setting.getByRole("button", { name: "The way to us" }).last().click();
  await form.getByRole("button", { name: "Take way.png away" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);
  await box.press("/");
  await search.fill(shortcut);
  await search.press("Enter");
  await expect(box).toHaveValue("Dear Clara, here is the way.");
  await expect(page.locator("[data-attached]")).toHaveCount(0);
});

test("files: dropped ones become a message each, a picture is pasted, one too large is refused in words", async ({
  browser,
}) => {
  const { page, customer, box } = await talking(browser, "Lise Meitner");
  await give(page, "drop", [
    { name: "one.txt", type: "text/plain", size: 10 },
    { name: "two.txt", type: "text/plain", size: 10 },
  ]);
  await expect(page.getByText("2 files go out as 2 messages.")).toBeVisible();
  await give(page, "paste", [{ name: "shot.png", type: "image/png", size: 10 }]);
  await page.getByRole("button", { name: "Do not send shot.png" }).click();
  await give(page, "drop", [{ name: "film.mp4", type: "video/mp4", size: 15 * 1024 * 1024 + 1 }]);
  await expect(page.getByText("film.mp4 is larger than 15 MB.")).toBeVisible();
  await expect(page.locator("[data-attached]")).toHaveCount(2);
  await box.fill("Both of them");
  await box.press("Enter");
  await expect(customer.bubble("one.txt")).toContainText("Both of them");
  await expect(customer.bubble("two.txt")).toBeVisible();

  // One that is still going up can be called off.
  await page.route("**/attachments*", () => undefined);
  await give(page, "drop", [{ name: "slow.txt", type: "text/plain", size: 10 }]);
  await box.press("Enter");
  await page.getByRole("button", { name: "Stop sending slow.txt" }).click();
  await expect(message(page, "slow.txt")).toHaveCount(0);
  await page.unroute("**/attachments*");

  // One the server refuses says why and is tried again by hand.
  await page.route("**/attachments*", (r) =>
    r.fulfill({
      status: 507,
      json: { code: "STORAGE_FULL", message: "There is no room for more files at the moment." },
    }),
  );
  await give(page, "drop", [{ name: "late.txt", type: "text/plain", size: 10 }]);
  await box.press("Enter");
  await expect(message(page, "late.txt").getByRole("alert")).toContainText("no room");
  await page.unroute("**/attachments*");
  await message(page, "late.txt").getByRole("button", { name: "Try again" }).click();
  await expect(customer.bubble("late.txt")).toBeVisible();
});

test("voice: level, length, a listen with its wave, then sent; marks, reactions, edits and deletions show", async ({
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
  await page.getByRole("button", { name: "Send the voice message" }).click();
  const heard = page.locator("[data-author=AGENT] [data-voice]");
  await expect(heard.getByRole("slider")).toHaveAttribute("data-drawn", "true");

  await customer.write("*bold* _soft_ ~old~\n> quoted\n- point\n1. first");
  const marked = message(page, "quoted");
  for (const tag of ["strong", "em", "s", "blockquote", "ul > li", "ol > li"]) {
    await expect(marked.locator(tag)).toBeVisible();
  }

  // Reactions both ways.
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

  // What the customer changes and takes back is shown as such.
  await customer.write("I come at noon");
  const noon = { messageId: await customer.bubble("I come at noon").getAttribute("data-id") };
  await control(`phones/${customer.digits}/edits`, { ...noon, text: "I come at one" });
  await expect(message(page, "I come at one")).toContainText("edited");
  await control(`phones/${customer.digits}/revokes`, noon);
  await expect(message(page, "The customer deleted this message")).toBeVisible();

  // Emoji by a word and the keyboard alone.
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("combobox", { name: "Search emoji" }).fill("parcel");
  await page.keyboard.press("Enter");
  await expect(box).toHaveValue("📦");
  await box.fill("");

  // A failure is a single mark with the reason in words, and Retry.
  await control("trouble", { code: 131026, coded: 1 });
  await box.fill("Does this arrive?");
  await box.press("Enter");
  const failed = message(page, "Does this arrive?").first();
  await expect(failed).toHaveAttribute("data-status", "FAILED");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(customer.bubble("Does this arrive?")).toBeVisible();
});

test("where an account sends no files there is no button, and it says why", async ({ browser }) => {
  const { page } = await talking(browser, "Rosalind Franklin");
  await expect(page.getByRole("button", { name: "Attach a file" })).toBeVisible();
  await page.route("**/graphql", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replaceAll('"attachments":true', '"attachments":false') });
  });
  await page.reload();
  await expect(page.getByText("This account sends no files.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Attach a file" })).toHaveCount(0);
  await give(page, "drop", [{ name: "one.txt", type: "text/plain", size: 10 }]);
  await expect(page.locator("[data-attached]")).toHaveCount(0);
});

test("an admin reads the events as they are stored, told that it is recorded; an agent is not asked", async ({
  browser,
}) => {
  const { page: agentPage } = await talking(browser, "Ada Yonath");
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const page = await signIn(browser, admin);
  await page.goto(dev().url + new URL(agentPage.url()).pathname);
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "Events", exact: true }).click();
  await expect(page.getByText("is recorded")).toBeVisible();
  await page.getByRole("button", { name: "Read the events" }).click();
  const opened = page.locator("[data-event=InteractionOpened]");
  await opened.getByRole("button", { name: /InteractionOpened/ }).click();
  await expect(opened.locator("pre")).toContainText('"accountId"');
  await expect(page.locator("[data-event=InteractionAccepted]")).toBeVisible();
  await inspect(page, "panel-events");
  await agentPage.getByRole("tab", { name: "History" }).click();
  await expect(agentPage.getByRole("button", { name: "Events", exact: true })).toHaveCount(0);
});
