import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { closeWindows, dev, inspect, people, signIn } from "./world";

const ours = "390600000000";

/** Posts a change to the first account, as Meta would. */
async function deliver(field: string, value: object): Promise<void> {
  const [account] = dev().accounts;
  if (!account) throw new Error("the demo has no account");
  const metadata = { display_phone_number: ours, phone_number_id: account.phoneNumberId };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "100200300400500", time: now(), changes: [{ field, value: { ...value, metadata } }] }],
  });
  const signature = createHmac("sha256", account.appSecret).update(body).digest("hex");
  const res = await fetch(new URL(account.webhookPath, dev().url), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Hub-Signature-256": `sha256=${signature}` },
    body,
  });
  expect(res.status).toBe(200);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

test.afterEach(closeWindows);

test("what happens outside the desk is a line in words", async ({ browser }) => {
  const [supervisor] = people("SUPERVISOR");
  if (!supervisor) throw new Error("the demo has no supervisor");
  const from = "393409990001";
  const timestamp = String(now());
  const contacts = [{ profile: { name: "Vera Assente" }, wa_id: from }];
  const call = { id: "wacid.e2e", from, direction: "USER_INITIATED", timestamp };
  await deliver("calls", { contacts, calls: [{ ...call, event: "terminate", status: "FAILED" }] });
  const page = await signIn(browser, supervisor);
  await page.goto(`${dev().url}/interactions`);
  await expect(page.getByRole("link", { name: "Vera Assente" })).toContainText("Missed call");
  const typed = { from: ours, to: from, id: "wamid.e2e.echo", timestamp, type: "text" };
  await deliver("smb_message_echoes", {
    contacts,
    message_echoes: [{ ...typed, text: { body: "I'll call you back" } }],
  });
  const answer = { type: "call_permission_reply", call_permission_reply: { response: "accept", is_permanent: true } };
  const reply = { from, id: "wamid.e2e.permission", timestamp, type: "interactive", interactive: answer };
  await deliver("messages", { contacts, messages: [reply] });

  await page.getByText("Vera Assente").first().click();
  const log = page.getByRole("log");
  await expect(log.getByText("Missed call")).toBeVisible();
  await expect(log.getByText("Sent from the phone").first()).toBeVisible();
  await expect(log.getByText("I'll call you back")).toBeVisible();
  await expect(log.getByText("Calls allowed")).toBeVisible();
  await inspect(page, "elsewhere");
});

test("a notice of the provider is in the account's settings", async ({ browser }) => {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has no admin");
  await deliver("account_update", { event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "ALCOHOL" } });
  const page = await signIn(browser, admin);
  await page.goto(`${dev().url}/settings/accounts`);
  await expect(page.getByText("Account: policy violation").filter({ visible: true })).toBeVisible();
  await inspect(page, "settings-notices");
});
