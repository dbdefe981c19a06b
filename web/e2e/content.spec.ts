import { expect, test } from "@playwright/test";
import {
  becomeAvailable,
  clearDesk,
  closeWindows,
  control,
  inspect,
  message,
  newPhone,
  people,
  ringAt,
  row,
  signIn,
} from "./world";

test.afterEach(closeWindows);

test("an agent can read everything a message carries", async ({ browser }) => {
  const [agent] = people("AGENT");
  if (!agent) throw new Error("the demo has an agent");
  await clearDesk();
  await ringAt([agent]);
  const page = await signIn(browser, agent);
  await becomeAvailable(page);
  const customer = await newPhone(browser, "Maria Merian");
  const sends = (type: string, parts: object) =>
    control(`phones/${customer.digits}/messages`, { kind: type, raw: parts });
  await customer.write("Good morning");
  await expect(page.locator("[data-offer]")).toContainText("Good morning");
  await page.keyboard.press("a");

  await sends("interactive", {
    interactive: {
      type: "nfm_reply",
      nfm_reply: {
        name: "flow",
        body: "Sent",
        response_json: JSON.stringify({
          flow_token: "secret-token",
          full_name: "Maria Sibylla Merian",
          delivery_date: "2026-12-01",
          extras: ["gift wrap", "card"],
          newsletter: true,
          remark:
            "Please ring twice; the bell is broken, and the neighbours downstairs do not open to people they do not know.",
        }),
      },
    },
  });
  const form = message(page, "Form");
  await expect(form.getByRole("definition")).toHaveText([
    "Maria Sibylla Merian",
    "2026-12-01",
    "gift wrap, card",
    "✓",
    /^Please ring twice/,
  ]);
  await expect(form.getByRole("term")).toHaveText(["Full name", "Delivery date", "Extras", "Newsletter", "Remark"]);
  await expect(form).not.toContainText("secret-token");

  await sends("order", {
    order: {
      catalog_id: "C1",
      text: "Please for Saturday",
      product_items: [
        { product_retailer_id: "caterpillar-print-a3", quantity: 2, item_price: 19.9, currency: "EUR" },
        { product_retailer_id: "pineapple-print-a4", quantity: 1, item_price: 5, currency: "EUR" },
      ],
    },
  });
  const order = message(page, "Please for Saturday");
  await expect(order.getByRole("row", { name: /caterpillar-print-a3/ })).toContainText("2 ×€19.90");
  await expect(order.getByRole("row", { name: /^Total/ })).toContainText("€44.80");
  await expect(row(page, "Maria Merian").first()).toContainText("Order: 3 items");

  const ad = { source_type: "ad", headline: "Prints of the season", body: "Until Sunday" };
  await sends("text", {
    text: { body: "Are these still there?" },
    referral: { ...ad, source_url: "https://fb.example/ads/1" },
    context: { referred_product: { catalog_id: "C1", product_retailer_id: "caterpillar-print-a3" } },
  });
  const led = message(page, "Are these still there?");
  const link = led.getByRole("link", { name: "From the ad “Prints of the season”" });
  await expect(link).toHaveAttribute("href", "https://fb.example/ads/1");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(led).toContainText("About product caterpillar-print-a3");
  await sends("text", { text: { body: "And this one?" }, referral: { ...ad, source_url: "javascript:alert(1)" } });
  await expect(message(page, "And this one?")).toContainText("From the ad");
  await expect(message(page, "And this one?").getByRole("link")).toHaveCount(0);
  await inspect(page, "content");

  await sends("contacts", {
    contacts: [{ name: { formatted_name: "Ida Berg" }, org: { company: "Ferries Ltd" }, phones: [{ phone: "+49 1" }] }],
  });
  await expect(message(page, "Ida Berg")).toContainText("Ferries Ltd");
  await sends("text", { text: { body: "Yes, that one" }, context: { from: "390612345678", id: "wamid.elsewhere" } });
  await expect(message(page, "Yes, that one")).toContainText("Replies to a message that isn't here");
  await sends("unsupported", {
    unsupported: { type: "poll_creation" },
    errors: [{ code: 131051, title: "Unsupported" }],
  });
  await expect(message(page, "Poll: can't be shown here")).toBeVisible();
  await sends("system", {
    system: { type: "user_changed_number", body: "Maria has a new number", wa_id: "393471239998" },
  });
  await expect(message(page, "Maria has a new number")).toContainText("The customer changed their number");
  const verses = Array.from({ length: 40 }, (_, n) => `Verse ${n + 1}`).join("\n");
  await sends("text", { text: { body: verses } });
  const poem = message(page, "Verse 40");
  await poem.getByRole("button", { name: "Show more" }).click();
  await poem.getByRole("button", { name: "Show less" }).click();
  await expect(poem.getByRole("button", { name: "Show more" })).toBeVisible();
  await inspect(page, "content-rest");
});
