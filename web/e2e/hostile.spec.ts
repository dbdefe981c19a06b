import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { files, payloads, short } from "./hostile";
import { api, becomeAvailable, clearDesk, dev, message, people, ringAt, signIn } from "./world";

/** Records everything a browser did or blocked because of hostile content. */
async function watch(context: BrowserContext): Promise<string[]> {
  const seen: string[] = [];
  await context.exposeBinding("report", (_, what: string) => void seen.push(what));
  await context.addInitScript(() => {
    const report = (what: string) => (window as unknown as { report: (what: string) => void }).report(what);
    document.addEventListener("securitypolicyviolation", (e) => {
      report(`CSP: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`);
    });
    Object.defineProperty(window, "hostile", { set: () => report("a script has run") });
  });
  const on = (page: Page) =>
    page.on("dialog", (d) => {
      seen.push(`dialog: ${d.message()}`);
      void d.dismiss();
    });
  context.pages().forEach(on);
  context.on("page", on);
  return seen;
}

const control = (path: string) => new URL(`/control/${path}`, dev().simulator);

async function post<T>(path: string, body: object): Promise<T> {
  const res = await fetch(control(path), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!res.ok) throw new Error(`${path} answered ${res.status}`);
  return (await res.json()) as T;
}

const save = (mutation: string, type: string, thing: string) =>
  `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${thing} { id } } }`;

/** Checks that every link leads to a web page or within the desktop, without a referrer. */
async function linksAreTame(page: Page): Promise<void> {
  const links = await page
    .locator("a[href]")
    .evaluateAll((all) => all.map((a) => ({ href: a.getAttribute("href") ?? "", rel: a.getAttribute("rel") ?? "" })));
  for (const { href, rel } of links) {
    if (href.startsWith("/") || href.startsWith("#")) continue;
    expect(href).toMatch(/^(https?:\/\/|mailto:|tel:)/);
    if (href.startsWith("http")) expect(rel).toContain("noopener");
  }
}

test("no text from a customer or a colleague is ever executed", async ({ browser }) => {
  const [agent] = people("AGENT");
  const [admin] = people("ADMIN");
  const [supervisor] = people("SUPERVISOR");
  if (!agent || !admin || !supervisor) throw new Error("the demo has one of each");
  await clearDesk();
  await ringAt([agent]);
  const page = await signIn(browser, agent);
  const seen = await watch(page.context());
  await becomeAvailable(page);

  const digits = "393409990001";
  await post("phones", { name: short, digits, username: "hostile" });
  const say = (what: object) => post<{ id: string }>(`phones/${digits}/messages`, what);
  await say({ text: "The first one" });
  await expect(page.locator("[data-offer]")).toContainText("The first one");
  await page.keyboard.press("a");
  await expect(message(page, "The first one")).toBeVisible();
  const address = new URL(page.url()).pathname;

  for (const text of payloads) await say({ text });
  await say({ location: { latitude: 1, longitude: 2, name: short, address: payloads[5] } });
  await say({
    kind: "contacts",
    raw: { contacts: [{ name: { formatted_name: short }, phones: [{ phone: short }], emails: [{ email: short }] }] },
  });
  await say({ kind: "button", raw: { payload: short, text: short } });
  await say({
    kind: "order",
    raw: {
      catalog_id: short,
      text: short,
      product_items: [{ product_retailer_id: short, quantity: 1, item_price: short, currency: short }],
    },
  });
  await say({ kind: short, raw: { x: short } });
  await say({ text: "The last one" });
  await expect(message(page, "The last one")).toBeVisible();

  const { interaction } = await api<{ interaction: { id: string; contact: { id: string; list: { id: string } } } }>(
    admin,
    "query ($id: ID!) { interaction(id: $id) { id contact { id list { id } } } }",
    { id: address.split("/").pop() },
  );
  const about = () => ({ commandId: crypto.randomUUID() });
  for (const text of payloads.slice(0, 20)) {
    await api(agent, "mutation ($input: NoteInput!) { addNote(input: $input) { message { id } } }", {
      input: { ...about(), interactionId: interaction.id, text },
    });
  }
  await api(admin, save("saveTag", "SaveTagInput", "tag"), { input: { ...about(), name: short, color: "green" } });
  await api(agent, "mutation ($input: TagInput!) { addTag(input: $input) { interaction { id } } }", {
    input: { ...about(), interactionId: interaction.id, tag: short },
  });
  await api(admin, save("saveCannedAnswer", "SaveCannedAnswerInput", "cannedAnswer"), {
    input: { ...about(), shortcut: "hostile", title: short, text: payloads.slice(0, 20).join("\n") },
  });
  await api(admin, save("saveDisposition", "SaveDispositionInput", "disposition"), {
    input: { ...about(), label: short, scope: "GLOBAL" },
  });
  await api(admin, save("saveList", "SaveListInput", "list"), {
    input: { ...about(), name: short, description: short, fields: [] },
  });
  await api(admin, save("saveUser", "SaveUserInput", "user"), {
    input: {
      ...about(),
      login: "hostile",
      name: short,
      alias: short,
      role: "AGENT",
      permissions: [],
      queueIds: [],
      masked: false,
      disabled: false,
      capacity: 1,
    },
  });
  await api(agent, save("updateContact", "UpdateContactInput", "contact"), {
    input: {
      ...about(),
      contactId: interaction.contact.id,
      firstName: short,
      lastName: payloads[5],
      emails: [],
      tags: [short],
    },
  });

  await page.reload();
  await expect(message(page, "The last one")).toBeVisible();
  await expect(page.getByText(payloads[0] ?? "", { exact: true }).first()).toBeAttached();
  await linksAreTame(page);
  for (const tab of ["Contact", "Interaction", "Customer journey", "History"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
    await linksAreTame(page);
  }
  const box = page.getByRole("textbox", { name: /^Write to/ });
  await box.fill("/hostile");
  await expect(page.getByText(short).first()).toBeVisible();
  await box.press("Enter");
  await page.keyboard.press("Escape");
  // The browser would ask before it leaves a message that the server does not have yet.
  await expect(page.locator("[data-message][data-status=QUEUED]")).toHaveCount(0);

  await page.goto(`${dev().url}/interactions?q=${encodeURIComponent(payloads[1] ?? "")}`);
  await page.goto(`${dev().url}/interactions`);
  await expect(page.locator("[data-row]").first()).toBeVisible();
  await page.goto(`${dev().url}/contacts`);
  await expect(page.getByRole("list", { name: "Contacts" }).getByText(short).first()).toBeVisible();
  await linksAreTame(page);
  expect(seen).toEqual([]);

  await page.evaluate((markup) => document.body.insertAdjacentHTML("beforeend", markup), short);
  await expect
    .poll(() => seen.length, { message: "had it been taken for markup, it would have been seen" })
    .toBeGreaterThan(0);

  const watching = await signIn(browser, supervisor);
  const alsoSeen = await watch(watching.context());
  await watching.goto(`${dev().url}/realtime`);
  await expect(watching.locator("[data-agent]").first()).toBeVisible();
  expect(alsoSeen).toEqual([]);

  const setting = await signIn(browser, admin);
  const seenToo = await watch(setting.context());
  for (const section of ["accounts", "queues", "users", "lists", "dispositions", "canned", "tags", "policy"]) {
    await setting.goto(`${dev().url}/settings/${section}`);
    await expect(setting.locator("main section")).toBeVisible();
  }
  await setting.goto(`${dev().url}/settings/tags`);
  await expect(setting.getByText(short).first()).toBeVisible();
  expect(seenToo).toEqual([]);
});

test("a hostile file is downloaded or shown, never executed", async ({ browser }) => {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has an admin");
  const digits = "393409990002";
  await post("phones", { name: "Files", digits });
  const send = async (f: (typeof files)[number]) => {
    const res = await fetch(control(`media?name=${encodeURIComponent(f.name)}`), {
      method: "POST",
      headers: { "Content-Type": f.type },
      body: f.content as BodyInit,
    });
    const { id } = (await res.json()) as { id: string };
    await post(`phones/${digits}/messages`, { mediaId: id, kind: f.kind, text: f.name });
  };
  for (const f of files) await send(f);
  type Shown = {
    interactions: {
      edges: {
        node: { id: string; messages: { edges: { node: { media: { state: string; url: string | null } | null } }[] } };
      }[];
    };
  };
  let urls: string[] = [];
  await expect
    .poll(async () => {
      const { interactions } = await api<Shown>(
        admin,
        "query ($f: InteractionFilter) { interactions(first: 2, filter: $f) { edges { node { id " +
          "messages(last: 100) { edges { node { media { state url } } } } } } } }",
        { f: { search: digits } },
      );
      const media = interactions.edges.flatMap((i) =>
        i.node.messages.edges.flatMap((m) => (m.node.media ? [m.node.media] : [])),
      );
      urls = media.flatMap((m) => (m.url ? [m.url] : []));
      return media.filter((m) => m.state !== "PENDING").length;
    })
    .toBe(files.length);
  expect(urls.length).toBeGreaterThan(files.length / 2);

  const page = await signIn(browser, admin);
  const seen = await watch(page.context());
  for (const url of urls) {
    const answered = await page.request.get(new URL(url, dev().url).href);
    expect(answered.headers()["content-security-policy"]).toContain("sandbox");
    expect(answered.headers()["x-content-type-options"]).toBe("nosniff");
    expect(answered.headers()["content-type"]).not.toMatch(/svg|html|xml|javascript/);
    await page
      .goto(new URL(url, dev().url).href)
      .catch((e: Error) => expect(e.message).toMatch(/Download is starting|ERR_ABORTED/));
  }
  expect(seen.filter((s) => !s.startsWith("CSP:"))).toEqual([]);
});
