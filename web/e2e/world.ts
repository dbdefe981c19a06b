import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  type ViewportSize,
} from "@playwright/test";
import type { Dev } from "./start";

/** Describes the program under test: the running one, or the server of this worker. */
export function dev(): Dev {
  const servers = process.env.PARLEY_DEV_JSONS?.split(delimiter) ?? [];
  const file = process.env.PARLEY_DEV_JSON ?? servers[Number(process.env.TEST_PARALLEL_INDEX)];
  return JSON.parse(readFileSync(file ?? "", "utf8")) as Dev;
}

export type Person = Dev["users"][number];

export function people(role: string): Person[] {
  return dev().users.filter((u) => u.role.toUpperCase() === role);
}

/** Calls the API with this user's token, as a program would. */
export async function api<T>(as: Person, query: string, variables: object = {}): Promise<T> {
  const res = await fetch(dev().graphql, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${as.token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await res.json()) as { data: T; errors?: { message: string }[] };
  if (!res.ok) throw new Error(`the API answered ${res.status}`);
  if (answer.errors) throw new Error(answer.errors.map((e) => e.message).join("; "));
  return answer.data;
}

const windows: BrowserContext[] = [];

async function newWindow(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options);
  windows.push(context);
  const page = await context.newPage();
  page.on("pageerror", (e) => {
    throw e;
  });
  return page;
}

/** Closes all windows, so that none rings during the next test. */
export async function closeWindows(): Promise<void> {
  await Promise.all(windows.splice(0).map((w) => w.close()));
}

type Room = { viewport?: ViewportSize; scale?: number };

/** Opens a window at the sign-in page. Any browser error fails the test. */
export async function atTheDoor(browser: Browser, { viewport, scale }: Room = {}): Promise<Page> {
  const page = await newWindow(browser, {
    colorScheme: "light",
    ...(viewport ? { viewport } : {}),
    ...(scale ? { deviceScaleFactor: scale } : {}),
  });
  await page.goto(dev().url);
  await expect(page.getByLabel("Username")).toBeVisible();
  return page;
}

/** Opens a window and signs in through the form. */
export async function signIn(browser: Browser, as: Person, room: Room = {}): Promise<Page> {
  const page = await atTheDoor(browser, room);
  await page.getByLabel("Username").fill(as.login);
  await page.getByLabel("Password").fill(as.password);
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-link=live]")).toBeVisible();
  return page;
}

/** Goes available with the dashboard's button, unless already available. */
export async function becomeAvailable(page: Page): Promise<void> {
  await page.goto(dev().url);
  const me = page.getByRole("button", { name: /^Your status/ });
  await expect(me).toBeVisible();
  if ((await me.getAttribute("aria-label"))?.endsWith("Available")) return;
  await page.getByRole("button", { name: "Go available" }).first().click();
  await expect(page.getByRole("button", { name: "Your status: Available" })).toBeVisible();
}

/** One of the simulated customers' phones. */
export class Phone {
  constructor(
    readonly page: Page,
    readonly digits: string,
  ) {}
  get root(): Locator {
    return this.page.getByTestId(`phone-${this.digits}`);
  }
  async write(text: string): Promise<void> {
    await this.root.getByTestId("composer").fill(text);
    await this.root.getByTestId("send").click();
    await expect(this.bubble(text)).toBeVisible();
  }
  bubble(text: string): Locator {
    return this.root.getByTestId("bubble").filter({ hasText: text });
  }
}

/** Opens the page of customers' phones with a new phone. */
export async function newPhone(browser: Browser, name: string): Promise<Phone> {
  const digits = `39340${crypto.getRandomValues(new Uint32Array(1))[0]?.toString().padStart(7, "0").slice(-7)}`;
  const page = await newWindow(browser);
  await page.goto(dev().simulator);
  await page.getByTestId("add-phone").click();
  await page.getByTestId("new-name").fill(name);
  await page.getByTestId("new-digits").fill(digits);
  await page.getByTestId("new-ok").click();
  const phone = new Phone(page, digits);
  await expect(phone.root).toBeVisible();
  return phone;
}

const serious = ["critical", "serious", "moderate"];

const themes = ["light", "dark"] as const;

/** Checks accessibility in the given themes and takes a screenshot of each. A menu lies outside the landmarks. */
export async function inspect(
  page: Page,
  name: string,
  { looked = themes, menu = false }: { looked?: readonly (typeof themes)[number][]; menu?: boolean } = {},
): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({
      path: join(import.meta.dirname, "../artifacts", `${name}-${theme}.png`),
      animations: "disabled",
      scale: "css",
    });
    if (!looked.includes(theme)) continue;
    const found = await new AxeBuilder({ page }).disableRules(menu ? ["region"] : []).analyze();
    const barriers = found.violations
      .filter((v) => serious.includes(v.impact ?? ""))
      .map((v) => `${name}, ${theme}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join("; ")}`);
    expect(barriers).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** Returns a unique name, even on a server that has run these tests before. */
export function unique(name: string): string {
  return `${name} ${crypto.randomUUID().slice(0, 6)}`;
}

/** Signs these agents out. */
export async function signOut(agents: Person[]): Promise<void> {
  for (const a of agents) {
    await api(a, "mutation ($input: PresenceInput!) { signOut(input: $input) { presence { state } } }", {
      input: { commandId: crypto.randomUUID() },
    });
  }
}

/** Finds the card of an offer or transfer by its text. */
export function card(page: Page, text: string): Locator {
  return page.locator("[data-offer]").filter({ hasText: text });
}

/** Finds the tab of an open session. */
export function tab(page: Page, name: string): Locator {
  return page.locator("[data-session]").filter({ hasText: name });
}

/** Finds a customer's row in the list. */
export function row(page: Page, name: string): Locator {
  return page.locator("[data-row]").filter({ hasText: name });
}

export function message(page: Page, text: string): Locator {
  return page.locator("[data-message]").filter({ hasText: text });
}

type Queue = { id: string; name: string };

/** Makes every account's queue offer to all of these agents at once, and to no others, with a long timeout. */
export async function ringAt(agents: Person[], offerTimeout = 600): Promise<void> {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has no admin");
  const { accounts } = await api<{ accounts: { settings: { queue: Queue } }[] }>(
    admin,
    "{ accounts { settings { queue { id name } } } }",
  );
  const members = await Promise.all(
    agents.map((a) => api<{ me: { user: { id: string } } }>(a, "{ me { user { id } } }")),
  );
  const queues = new Map(accounts.map((a) => [a.settings.queue.id, a.settings.queue]));
  for (const queue of queues.values()) {
    await api(admin, "mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }", {
      input: {
        commandId: crypto.randomUUID(),
        id: queue.id,
        name: queue.name,
        strategy: "BEEPALL",
        offerTimeout,
        weight: 0,
        take: true,
        sticky: false,
        silentOwner: 0,
        memberIds: members.map((m) => m.me.user.id),
      },
    });
  }
}

/** Closes all open interactions, so that only the test's own ring. */
export async function clearDesk(): Promise<void> {
  const [admin] = people("ADMIN");
  if (!admin) throw new Error("the demo has no admin");
  for (;;) {
    const { interactions } = await api<{ interactions: { edges: { node: { id: string } }[] } }>(
      admin,
      "{ interactions(first: 100, filter: { status: OPEN }) { edges { node { id } } } }",
    );
    if (interactions.edges.length === 0) return;
    for (const { node } of interactions.edges) {
      await api(
        admin,
        "mutation ($input: CloseInteractionInput!) { closeInteraction(input: $input) { interaction { id } } }",
        {
          input: { commandId: crypto.randomUUID(), interactionId: node.id },
        },
      );
    }
  }
}

/** Calls the simulator's control API, as its page does. */
export async function control(path: string, body: object): Promise<void> {
  const res = await fetch(`${dev().simulator}/control/${path}`, {
    method: path === "trouble" ? "PUT" : "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!res.ok) throw new Error(`the simulator answered ${res.status} to ${path}: ${await res.text()}`);
}

const perDelivery = 200;

/**
 * Sends many messages from a customer in order, a few hundred per delivery; the last one quotes the sixth. Returns the
 * interaction's id.
 */
export async function talkAtLength(as: Person, digits: string, name: string, count: number): Promise<string> {
  let id = "";
  const newest = async () => {
    const { interactions } = await api<{
      interactions: { edges: { node: { id: string; preview: { text: string } | null } }[] };
    }>(as, "query ($f: InteractionFilter) { interactions(filter: $f) { edges { node { id preview { text } } } } }", {
      f: { search: digits },
    });
    id = interactions.edges[0]?.node.id ?? "";
    return interactions.edges[0]?.node.preview?.text.split(" with")[0];
  };
  const state = (await (await fetch(`${dev().simulator}/control/state`)).json()) as {
    numbers: { phoneNumberId: string }[];
  };
  const started = Math.floor(Date.now() / 1000) - count;
  const all = Array.from({ length: count }, (_, i) => ({
    from: digits,
    id: `wamid.long.${digits}.${i}`,
    timestamp: String(started + i),
    type: "text",
    text: {
      body: i % 7 === 0 ? `Message ${i}\nwith a second line, so that not all are of one height` : `Message ${i}`,
    },
    ...(i === count - 1 ? { context: { id: `wamid.long.${digits}.5`, from: digits } } : {}),
  }));
  for (let at = 0; at < count; at += perDelivery) {
    await control("deliveries", {
      number: state.numbers[0]?.phoneNumberId,
      field: "messages",
      value: { contacts: [{ wa_id: digits, profile: { name } }], messages: all.slice(at, at + perDelivery) },
    });
    const last = Math.min(count, at + perDelivery) - 1;
    await expect.poll(newest, { intervals: [50] }).toBe(`Message ${last}`);
  }
  return id;
}
