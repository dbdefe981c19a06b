import { expect, type Page, test } from "@playwright/test";
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
  signIn,
  signOut,
  unique,
} from "./world";

test.describe.configure({ mode: "serial" });

/** Saves each settings page, reads it again after a reload, and sees it take effect for an agent without one. */
test.describe("every page of the settings", () => {
  let setting: Page;
  let anna: Page;
  const queue = unique("Night shift");
  const outcome = unique("Call back");
  const reason = unique("Meeting");
  const user = unique("Nora").replace(" ", ".").toLowerCase();

  /** Opens the form of one entry on a settings page. */
  const edit = async (section: string, name: string) => {
    await setting.goto(`${dev().url}/settings/${section}`);
    await setting.getByRole("button", { name, exact: true }).click();
    await expect(setting.getByRole("dialog")).toBeVisible();
  };
  const save = async () => {
    await setting.getByRole("button", { name: "Save" }).click();
    await expect(setting.getByRole("dialog")).toHaveCount(0);
  };

  test.beforeAll(async ({ browser }) => {
    const [admin] = people("ADMIN");
    const [one] = people("AGENT");
    if (!admin || !one) throw new Error("the demo has an admin and an agent");
    await clearDesk();
    await ringAt([one]);
    await signOut([one]);
    setting = await signIn(browser, admin);
    anna = await signIn(browser, one);
    await becomeAvailable(anna);
  });
  test.afterAll(closeWindows);

  test("an administrator saves a queue with strategy, times, priority and members, and an account shares it", async () => {
    await setting.goto(`${dev().url}/settings/queues`);
    await setting.getByRole("button", { name: "New" }).click();
    await setting.getByLabel("Name").fill(queue);
    await setting.getByLabel("Strategy").selectOption("Round robin");
    await setting.getByLabel("Offer timeout (s)").fill("25");
    await setting.getByLabel("Priority (0–10)").fill("7");
    await setting.getByLabel("Re-offer if silent").fill("600");
    await setting.getByLabel("Anna Rossi").check();
    await save();
    await edit("accounts", "Aurora Travel");
    await setting.getByLabel(queue).last().check();
    await save();
    await expect(anna.locator("[data-queue]").filter({ hasText: queue })).toBeVisible();
    await setting.goto(`${dev().url}/settings/users`);
    await expect(setting.getByRole("row", { name: "Anna Rossi" })).toContainText(queue);
    await edit("queues", queue);
    await expect(setting.getByLabel("Strategy")).toHaveValue("ROUND_ROBIN");
    await expect(setting.getByLabel("Offer timeout (s)")).toHaveValue("25");
    await expect(setting.getByLabel("Priority (0–10)")).toHaveValue("7");
    await expect(setting.getByLabel("Re-offer if silent")).toHaveValue("600");
    await expect(setting.getByLabel("Anna Rossi")).toBeChecked();
    await setting.getByLabel("Anna Rossi").uncheck();
    await save();
    await expect(anna.locator("[data-queue]").filter({ hasText: queue })).toHaveCount(0);
  });

  test("switching an account's files and transfers off and on takes effect during a session", async ({ browser }) => {
    const phone = await newPhone(browser, unique("Lise Meitner"));
    await phone.write("May I send you a picture?");
    await card(anna, "send you a picture?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(message(anna, "send you a picture?")).toBeVisible();
    const attach = anna.getByRole("button", { name: "Attach a file" });
    const transfer = anna.getByRole("button", { name: "Transfer", exact: true });
    await expect(attach).toBeVisible();
    await expect(transfer).toBeVisible();
    const set = async (on: boolean) => {
      await edit("accounts", "Aurora Travel");
      for (const name of ["Agents can attach files", "Allow transfers to agents", "Allow transfers to queues"]) {
        await setting.getByLabel(name).setChecked(on);
      }
      await save();
    };
    await set(false);
    await expect(attach).toHaveCount(0);
    await expect(transfer).toHaveCount(0);
    await set(true);
    await expect(attach).toBeVisible();
    await expect(transfer).toBeVisible();
  });

  test("an administrator creates an account; its secrets are never shown again", async () => {
    const account = unique("Harbour");
    await setting.goto(`${dev().url}/settings/accounts`);
    await setting.getByRole("button", { name: "New" }).click();
    const form = setting.getByRole("dialog");
    await form.getByLabel(/^Name/).fill(account);
    await form.getByLabel("Short code").fill("HARB9");
    await form.getByLabel("Displayed number").fill("+390655501234");
    await form.getByLabel("Phone number ID").fill("100200300499999");
    await form.getByLabel("App secret").fill("app-secret-of-the-harbour");
    await form.getByLabel("Access token").fill("access-token-of-the-harbour");
    await form.getByLabel("Verify token").fill("a-word-of-the-harbour");
    await form.getByLabel("Queue for new interactions").selectOption("Bookings");
    await form.getByRole("group").getByLabel("Support").check();
    await form.getByLabel("List for new contacts").selectOption("Travellers");
    await form.getByLabel("Require disposition").check();
    await save();
    await edit("accounts", account);
    await expect(form.getByLabel("Short code")).toHaveValue("HARB9");
    await expect(form.getByLabel("Webhook URL")).toHaveValue(/^\/webhooks\//);
    await expect(form.getByLabel("Access token")).toHaveValue("");
    await expect(form.getByText("Ends in bour").first()).toBeVisible();
    await expect(form.getByRole("group").getByLabel("Support")).toBeChecked();
    await expect(form.getByLabel("Require disposition")).toBeChecked();
    await form.getByLabel(/^Name/).fill(`${account} quay`);
    await save();
    await expect(setting.getByRole("button", { name: `${account} quay` })).toBeVisible();
    await edit("accounts", `${account} quay`);
    await setting.getByRole("button", { name: "Archive" }).click();
    await setting.getByRole("button", { name: "Archive" }).click();
    await expect(setting.getByRole("button", { name: `${account} quay` })).toHaveCount(0);
  });

  test("a new disposition appears in the closing dialog", async () => {
    await setting.goto(`${dev().url}/settings/dispositions`);
    await setting.getByRole("button", { name: "New" }).click();
    await setting.getByLabel("Label").fill(outcome);
    await setting.getByLabel("Parent").selectOption({ label: "Not interested" });
    await save();
    await anna.keyboard.press("Escape"); // the text box has the focus since the accept
    await anna.keyboard.press("e");
    const dialog = anna.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Disposition" }).selectOption("Not interested");
    await dialog.getByRole("combobox", { name: "Level 2" }).selectOption(outcome);
    await anna.keyboard.press("Escape");
    await setting.reload();
    await setting.getByRole("button", { name: outcome }).click();
    await setting.getByRole("button", { name: "Archive" }).click();
    await setting.getByRole("button", { name: "Archive" }).click();
    await expect(setting.getByRole("button", { name: outcome })).toHaveCount(0);
  });

  test("a new pause reason can be chosen by an agent", async () => {
    await setting.goto(`${dev().url}/settings/policy`);
    const reasons = setting.getByLabel("Pause reasons");
    const before = await reasons.inputValue();
    await reasons.fill(`${before}\n${reason}`);
    await setting.getByRole("button", { name: "Save" }).click();
    await expect(setting.getByText("Saved")).toBeVisible();
    await setting.reload();
    await expect(reasons).toHaveValue(`${before}\n${reason}`);
    await anna.getByRole("button", { name: /^Your status/ }).click();
    await anna.getByRole("menuitem", { name: reason }).click();
    await expect(anna.getByRole("button", { name: "Your status: Paused" })).toBeVisible();
    await setting.goto(`${dev().url}/realtime`);
    await expect(setting.locator("[data-agent]").filter({ hasText: "Anna Rossi" })).toContainText(reason);
    await anna.getByRole("button", { name: /^Your status/ }).click();
    await anna.getByRole("menuitem", { name: "Available" }).click();
    await expect(anna.getByRole("button", { name: "Your status: Available" })).toBeVisible();
    await setting.goto(`${dev().url}/settings/policy`);
    await reasons.fill(before);
    await setting.getByRole("button", { name: "Save" }).click();
    await expect(setting.getByText("Saved")).toBeVisible();
  });

  test("an administrator saves a user with capacity, role and lists", async () => {
    await setting.goto(`${dev().url}/settings/users`);
    await setting.getByRole("button", { name: "New" }).click();
    await setting.getByLabel(/^Name/).fill(user);
    await setting.getByLabel("Username").fill(user);
    await setting.getByLabel("Max concurrent interactions").fill("3");
    await setting.getByLabel("Password").fill("Correct-horse-1");
    await setting.getByLabel("Travellers").check();
    await save();
    await edit("users", user);
    await expect(setting.getByLabel("Max concurrent interactions")).toHaveValue("3");
    await expect(setting.getByLabel("Travellers")).toBeChecked();
    await setting.getByLabel("Max concurrent interactions").fill("4");
    await setting.getByLabel("Disabled").check();
    await save();
    await edit("users", user);
    await expect(setting.getByLabel("Max concurrent interactions")).toHaveValue("4");
    await expect(setting.getByLabel("Disabled")).toBeChecked();
  });
});
