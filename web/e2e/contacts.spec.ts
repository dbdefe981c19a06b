import { expect, type Page, test } from "@playwright/test";
import {
  api,
  atTheDoor,
  becomeAvailable,
  card,
  clearDesk,
  closeWindows,
  dev,
  message,
  newPhone,
  type Person,
  people,
  ringAt,
  row,
  signIn,
  signOut,
  unique,
} from "./world";

test.afterEach(closeWindows);

function cast(): { admin: Person; agent: Person } {
  const [admin] = people("ADMIN");
  const [agent] = people("AGENT");
  if (!admin || !agent) throw new Error("the demo has an admin and an agent");
  return { admin, agent };
}

const contacts = (page: Page) => page.getByRole("list", { name: "Contacts" });

test("the contact form and the contact show the fields of the chosen list", async ({ browser }) => {
  const { admin } = cast();
  const list = unique("Sailors");
  await api(admin, "mutation ($i: SaveListInput!) { saveList(input: $i) { list { id } } }", {
    i: {
      commandId: crypto.randomUUID(),
      name: list,
      fields: [{ key: "boat", label: "Boat", type: "TEXT", required: false, options: [] }],
    },
  });
  const page = await signIn(browser, admin);
  await page.goto(`${dev().url}/contacts`);
  await page.getByRole("button", { name: "Add contact" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("List").selectOption("Travellers");
  await expect(form.getByLabel("Booking")).toBeVisible();
  await expect(form.getByLabel("Boat")).toHaveCount(0);
  await form.getByLabel("List").selectOption(list);
  await expect(form.getByLabel("Booking")).toHaveCount(0);
  const name = unique("Jeanne");
  await form.getByLabel("First name").fill(name);
  await form.getByLabel("Boat").fill("Étoile");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await expect(page.getByRole("tabpanel").getByLabel("Boat")).toHaveValue("Étoile");
  await expect(page.getByRole("tabpanel").getByLabel("Booking")).toHaveCount(0);

  // Unsaved edits survive a reload, and saving ends them.
  const boat = page.getByRole("tabpanel").getByLabel("Boat");
  const kept = page.waitForResponse((r) => r.request().postData()?.includes("saveContactDraft") ?? false);
  await boat.fill("Boudeuse");
  await kept;
  await page.reload();
  await expect(boat).toHaveValue("Boudeuse");
  await page.getByRole("tabpanel").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Contact saved")).toBeVisible();
  await page.reload();
  await expect(boat).toHaveValue("Boudeuse");
});

test("a colleague's change to a contact appears in the list without a reload", async ({ browser }) => {
  const { admin, agent } = cast();
  const { lists } = await api<{ lists: { id: string }[] }>(agent, "{ lists { id } }");
  const added = unique("Aaron");
  const page = await signIn(browser, agent);
  await page.goto(`${dev().url}/contacts`);
  await expect(contacts(page).getByRole("link").first()).toBeVisible();
  const { createContact } = await api<{ createContact: { contact: { id: string } } }>(
    admin,
    "mutation ($i: CreateContactInput!) { createContact(input: $i) { contact { id } } }",
    { i: { commandId: crypto.randomUUID(), listId: lists[0]?.id, firstName: added } },
  );
  await expect(contacts(page).getByRole("link", { name: added })).toBeVisible();
  const changed = unique("Abel");
  await api(admin, "mutation ($i: UpdateContactInput!) { updateContact(input: $i) { contact { id } } }", {
    i: { commandId: crypto.randomUUID(), contactId: createContact.contact.id, firstName: changed },
  });
  await expect(contacts(page).getByRole("link", { name: changed })).toBeVisible();
  await expect(contacts(page).getByRole("link", { name: added })).toHaveCount(0);
});

/** Switches the creation of contacts for unknown senders on or off in all accounts. */
async function makeContacts(page: Page, on: boolean): Promise<void> {
  await page.goto(`${dev().url}/settings/accounts`);
  await page.getByRole("button", { name: "Aurora Travel" }).click();
  await page.getByLabel("Create contacts for unknown senders").setChecked(on);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("an agent completes an unknown sender from the card; an agent without lists is offered neither contact nor form", async ({
  browser,
}) => {
  const { admin, agent } = cast();
  const setting = await signIn(browser, admin);
  await makeContacts(setting, false);
  await clearDesk();
  await ringAt([agent]);
  await signOut([agent]);
  const page = await signIn(browser, agent);
  await becomeAvailable(page);
  const name = unique("Amelia");
  const phone = await newPhone(browser, name);
  await phone.write("I am new here");
  await card(page, "I am new here")
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(message(page, "I am new here")).toBeVisible();
  const panel = page.getByRole("tabpanel", { name: "Contact" });
  await expect(panel).toContainText(phone.digits);
  await panel.getByRole("button", { name: "Add to contacts" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("List").selectOption("Travellers");
  await form.getByLabel("Last name").fill("Earhart");
  await form.getByLabel("Email").fill("amelia@example.org");
  await form.getByRole("button", { name: "Add" }).click();
  await expect(panel).toContainText("amelia@example.org");
  await expect(panel).toContainText("Travellers");
  await expect(row(page, "Amelia Earhart").first()).toBeVisible();
  await panel.getByRole("link", { name: "Edit contact" }).click();
  await page.getByRole("tabpanel").getByLabel("Loyalty").fill("gold");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Contact saved")).toBeVisible();
  await page.goBack();
  await expect(panel).toContainText("gold");

  // An agent who may edit contacts but has no list to add them to.
  const other = unique("Amy").replace(" ", ".").toLowerCase();
  const password = "Correct-horse-1";
  const { queues } = await api<{ queues: { id: string }[] }>(admin, "{ queues { id } }");
  await api(admin, "mutation ($i: SaveUserInput!) { saveUser(input: $i) { user { id } } }", {
    i: {
      commandId: crypto.randomUUID(),
      login: other,
      name: other,
      role: "AGENT",
      permissions: [],
      queueIds: queues.map((q) => q.id),
      masked: false,
      disabled: false,
      capacity: 0,
      password,
    },
  });
  const stranger = await newPhone(browser, unique("Bessie"));
  await stranger.write("So am I");
  await card(page, "So am I")
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(message(page, "So am I")).toBeVisible();
  const here = page.url();
  const without = await atTheDoor(browser);
  await without.getByLabel("Username").fill(other);
  await without.getByLabel("Password").fill(password);
  await without.keyboard.press("Enter");
  await expect(without.getByRole("heading", { name: "Choose a password" })).toBeVisible();
  await without.getByLabel("Temporary password").fill("Another-horse-2");
  await without.getByLabel("New password").fill("Another-horse-2");
  await without.keyboard.press("Enter");
  await expect(without.getByRole("alert")).toContainText("incorrect");
  await without.getByLabel("Temporary password").fill(password);
  await without.keyboard.press("Enter");
  await expect(without.locator("[data-link=live]")).toBeVisible();
  await without.goto(here);
  await expect(message(without, "So am I")).toBeVisible();
  const theirs = without.getByRole("tabpanel", { name: "Contact" });
  await expect(theirs).toContainText(stranger.digits);
  await expect(theirs.getByRole("button", { name: "Add to contacts" })).toHaveCount(0);
  await without.goto(`${dev().url}/contacts`);
  await expect(without.getByText("No contacts")).toBeVisible();
  await expect(without.getByRole("button", { name: "Add contact" })).toHaveCount(0);
  await makeContacts(setting, true);
});
