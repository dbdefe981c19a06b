import { expect, test } from "@playwright/test";
import { becomeAvailable, clearDesk, inspect, message, newPhone, people, ringAt, signIn } from "./world";

test("a customer writes, one of two agents accepts, they talk, the agent closes, the next message opens anew", async ({
  browser,
}) => {
  const [one, two] = people("AGENT");
  if (!one || !two) throw new Error("the demo has two agents");
  await clearDesk();
  await ringAt([one, two]);
  const first = await signIn(browser, one);
  const second = await signIn(browser, two);
  await becomeAvailable(first);
  await becomeAvailable(second);
  await inspect(first, "dashboard");

  // R45, R2: both are offered it, and it sounds.
  const name = `Ada ${crypto.randomUUID().slice(0, 8)}`;
  const ada = await newPhone(browser, name);
  await ada.write("Good morning, where is my parcel?");
  for (const page of [first, second]) {
    await expect(page.locator("[data-offer]")).toContainText("where is my parcel?");
    await expect(page.locator("html[data-rang]")).toBeAttached();
    await expect(page).toHaveTitle(/^\(\d+\) Parley$/);
  }
  await inspect(first, "offer");

  // R47, R48: one accepts with the mouse, the other is told.
  await first
    .locator("[data-offer]")
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(first.locator("[data-conversation]")).toBeVisible();
  await expect(second.locator("[data-ended]")).toContainText("Taken by");
  await expect(second.locator("[data-offer]")).toHaveCount(0);
  await expect(message(first, "where is my parcel?")).toBeVisible();

  // R49, R51, R52, R63: text goes both ways and the marks rise to read.
  const box = first.getByRole("textbox", { name: /^Write to/ });
  await box.fill("It is *on its way* 👨‍👩‍👧‍👦");
  await box.press("Enter");
  await expect(message(first, "on its way")).toBeVisible();
  await expect(ada.bubble("on its way")).toBeVisible();
  await expect(message(first, "on its way").locator("[data-tick=two-read]")).toBeVisible();
  await ada.write("Thank you so much");
  await expect(message(first, "Thank you so much")).toBeVisible();
  await inspect(first, "conversation");

  // R64: unread while looking elsewhere, gone when looking.
  await first.getByRole("link", { name: "Dashboard" }).click();
  await ada.write("One more thing");
  await ada.write("and another");
  const tab = first.locator("[data-session]").filter({ hasText: new RegExp(name, "i") });
  await expect(tab.getByRole("img", { name: "2 unread messages" })).toBeVisible();
  await tab.getByRole("link").click();
  await expect(tab.getByRole("img")).toHaveCount(0);

  // R58, R59: a note is for colleagues; nothing of it reaches the phone.
  await first.getByRole("button", { name: "Note", exact: true }).click();
  await first.getByRole("textbox", { name: /note for colleagues/ }).fill("She is in a hurry");
  await first.getByRole("button", { name: "Add note" }).click();
  await expect(first.locator("[data-author=NOTE]")).toContainText("She is in a hurry");
  await expect(ada.bubble("in a hurry")).toHaveCount(0);

  // R65, R66: closing asks first.
  await tab.hover();
  await tab.getByRole("button", { name: /^Close the interaction/ }).click();
  await expect(first.getByRole("dialog")).toBeVisible();
  await inspect(first, "close");
  await first.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  await expect(tab).toHaveCount(0);
  await expect(first.getByText(/^Closed by/)).toBeVisible();

  // The next message opens another session; this time everything is done on the keyboard.
  await ada.write("Are you still there?");
  await expect(second.locator("[data-offer]")).toContainText("Are you still there?");
  await second.keyboard.press("a");
  await expect(second.locator("[data-conversation]")).toBeVisible();
  await expect(message(second, "Are you still there?")).toBeVisible();
  await second.keyboard.press("r");
  await second.keyboard.type("We are, what can we do?");
  await second.keyboard.press("Enter");
  await expect(ada.bubble("what can we do?")).toBeVisible();
  await second.keyboard.press("Escape");
  await second.keyboard.press("e");
  await expect(second.getByRole("dialog")).toBeVisible();
  await second.keyboard.press("Enter");
  await expect(second.getByText(/^Closed by/)).toBeVisible();
});

test("a rejected offer goes on to somebody else, and nobody else's", async ({ browser }) => {
  const [one, two] = people("AGENT");
  if (!one || !two) throw new Error("the demo has two agents");
  await clearDesk();
  await ringAt([one, two]);
  const first = await signIn(browser, one);
  const second = await signIn(browser, two);
  await becomeAvailable(first);
  await becomeAvailable(second);
  const bob = await newPhone(browser, "Bob Kahn");
  await bob.write("Is somebody there?");
  await expect(first.locator("[data-offer]")).toContainText("Is somebody there?");
  await first.keyboard.press("x");
  await expect(first.locator("[data-offer]")).toHaveCount(0);
  await expect(second.locator("[data-offer]")).toContainText("Is somebody there?");
  await second.keyboard.press("a");
  await expect(second.locator("[data-conversation]")).toBeVisible();
});
