import { expect, type Page, test } from "@playwright/test";
import {
  api,
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
  tab,
  unique,
} from "./world";

test.describe.configure({ mode: "serial" });

/** Covers what an open screen learns without a reload. */
test.describe("screens that update themselves", () => {
  let one: Person;
  let two: Person;
  let sofia: Person;
  let admin: Person;
  let anna: Page;

  test.beforeAll(async ({ browser }) => {
    const [a, b] = people("AGENT");
    const [supervisor] = people("SUPERVISOR");
    const [first] = people("ADMIN");
    if (!a || !b || !supervisor || !first) throw new Error("the demo has two agents, a supervisor and an admin");
    [one, two, sofia, admin] = [a, b, supervisor, first];
    await clearDesk();
    await ringAt([one]);
    await signOut([one, two]);
    anna = await signIn(browser, one);
    await becomeAvailable(anna);
  });
  test.afterAll(closeWindows);

  test("the count of available agents follows a pause", async () => {
    await anna.getByRole("link", { name: "Dashboard" }).click();
    const free = anna.locator("[data-queue]").first().getByRole("cell").last();
    await expect(free).toHaveText("1");
    const { policy } = await api<{ policy: { pauseReasons: string[] } }>(one, "{ policy { pauseReasons } }");
    await api(one, "mutation ($i: PauseInput!) { pause(input: $i) { presence { state } } }", {
      i: { commandId: crypto.randomUUID(), reason: policy.pauseReasons[0] },
    });
    await expect(free).toHaveText("0");
    await api(one, "mutation ($i: PresenceInput!) { resume(input: $i) { presence { state } } }", {
      i: { commandId: crypto.randomUUID() },
    });
    await expect(free).toHaveText("1");
  });

  test("an agent who loses an interaction loses its whispers, in older pages too", async ({ browser }) => {
    const name = unique("Rosalind Franklin");
    const phone = await newPhone(browser, name);
    await phone.write("Is it a helix?");
    await card(anna, "Is it a helix?")
      .getByRole("button", { name: /^Accept/ })
      .click();
    await expect(message(anna, "Is it a helix?")).toBeVisible();
    const id = new URL(anna.url()).pathname.split("/").at(-1);
    const remark = (as: Person, mutation: "addNote" | "addWhisper", text: string) =>
      api(as, `mutation ($i: NoteInput!) { ${mutation}(input: $i) { message { id } } }`, {
        i: { commandId: crypto.randomUUID(), interactionId: id, text },
      });
    await remark(sofia, "addWhisper", "Photograph 51 says so");
    for (let n = 1; n <= 60; n++) await remark(one, "addNote", `Note ${n}`);
    await remark(sofia, "addWhisper", "Do not tell Watson");
    await anna.reload(); // the newest page starts after the first whisper
    await expect(message(anna, "Do not tell Watson")).toBeVisible();
    await expect(async () => {
      await anna.locator("[data-log]").evaluate((log) => log.scrollBy(0, -600));
      await expect(message(anna, "Photograph 51")).toBeVisible({ timeout: 500 });
    }).toPass();

    await api(two, "mutation ($input: PresenceInput!) { signIn(input: $input) { presence { state } } }", {
      input: { commandId: crypto.randomUUID() },
    });
    const assign = async (to: Person) => {
      const { me } = await api<{ me: { user: { id: string } } }>(to, "{ me { user { id } } }");
      await api(
        sofia,
        "mutation ($i: AssignInteractionInput!) { assignInteraction(input: $i) { interaction { id } } }",
        { i: { commandId: crypto.randomUUID(), interactionId: id, agentId: me.user.id } },
      );
    };
    const whispers = anna.locator("[data-author=WHISPER]");
    await assign(two);
    await expect(whispers).toHaveCount(0);
    await expect(message(anna, "Is it a helix?")).toBeAttached();
    await assign(one);
    await expect(whispers).toHaveCount(2);

    // The cache does not hold them either, after looking elsewhere and with nothing to fetch.
    await anna.getByRole("link", { name: "Dashboard" }).click();
    await expect(anna.locator("[data-log]")).toHaveCount(0);
    await assign(two);
    await expect(tab(anna, name)).toHaveCount(0);
    await anna.route("**/graphql", (r) => r.abort());
    await anna.goBack();
    await expect(message(anna, "Note 60")).toBeVisible();
    await expect(whispers).toHaveCount(0);
    await anna.unroute("**/graphql");
    await signOut([two]);
  });

  test("a changed setting for taking waiting interactions shows at once", async ({ browser }) => {
    const name = unique("Barbara McClintock");
    const phone = await newPhone(browser, name);
    await phone.write("Do genes jump?");
    await card(anna, "Do genes jump?")
      .getByRole("button", { name: /^Reject/ })
      .click();
    await anna.goto(`${dev().url}/interactions?view=waiting`);
    await row(anna, name).click();
    const take = anna.getByRole("button", { name: "Take", exact: true });
    await expect(take).toBeVisible();
    const { queues } = await api<{ queues: Record<string, unknown>[] }>(
      admin,
      "{ queues { id name strategy offerTimeout weight take sticky silentOwner members { id } } }",
    );
    const set = async (on: boolean) => {
      for (const { members, ...q } of queues) {
        await api(admin, "mutation ($i: SaveQueueInput!) { saveQueue(input: $i) { queue { id } } }", {
          i: {
            ...q,
            commandId: crypto.randomUUID(),
            take: on,
            memberIds: (members as { id: string }[]).map((m) => m.id),
          },
        });
      }
    };
    await set(false);
    await expect(take).toHaveCount(0);
    await set(true);
    await expect(take).toBeVisible();
  });
});
