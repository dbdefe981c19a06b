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

test("what a message carries is there to read", async ({ browser }) => {
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
  await inspect(page, "content");
});
