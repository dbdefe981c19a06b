import { expect, test } from "@playwright/test";
import { becomeAvailable, card, clearDesk, closeWindows, dev, newPhone, people, ringAt, signIn, unique } from "./world";

test.afterEach(closeWindows);

// An agent with two tabs hears one sound, and still hears it after the tab that played it is closed.
test("of an agent's two tabs only one plays the sound", async ({ browser }) => {
  const [one] = people("AGENT");
  if (!one) throw new Error("the demo has an agent");
  await clearDesk();
  await ringAt([one]);
  const first = await signIn(browser, one);
  await becomeAvailable(first);
  const second = await first.context().newPage();
  await second.goto(dev().url);
  await expect(second.locator("[data-link=live]")).toBeVisible();

  const ida = await newPhone(browser, unique("Ida Rhodes"));
  await ida.write("Is anybody there?");
  for (const page of [first, second]) {
    await expect(page.locator("[data-offer]")).toContainText("Is anybody there?");
    await expect(page.locator("html[data-rang]")).toBeAttached();
  }
  await expect(first.locator("html[data-sounded]")).toBeAttached();
  await expect(second.locator("html[data-sounded]")).toHaveCount(0);

  await first.close();
  const joan = await newPhone(browser, unique("Joan Clarke"));
  await joan.write("And now?");
  await expect(card(second, "And now?")).toBeVisible();
  await expect(second.locator("html[data-sounded]")).toBeAttached();
});

test("the desktop says that the browser blocks sound until it is turned on", async ({ browser }) => {
  const [one] = people("AGENT");
  if (!one) throw new Error("the demo has an agent");
  const page = await signIn(browser, one);
  // Browsers decide whether a page may play sound before a click; this one does not allow it.
  await page.addInitScript(() => {
    const Real = window.AudioContext;
    window.AudioContext = class extends Real {
      #allowed = false;
      override get state(): AudioContextState {
        return this.#allowed ? "running" : "suspended";
      }
      override async resume(): Promise<void> {
        this.#allowed = navigator.userActivation.isActive;
        await super.resume();
      }
    };
  });
  await page.reload();
  const turnOn = page.getByRole("button", { name: "Turn on sound" });
  await expect(turnOn).toBeVisible();
  await turnOn.click();
  await expect(turnOn).toHaveCount(0);
});
