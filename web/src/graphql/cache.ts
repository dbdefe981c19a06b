import { type Cache, cacheExchange, type DataFields, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { gql } from "urql";
import type { SettingKind } from "./generated/graphql";

const noKey = () => null;

/** Types without an id of their own are stored inside their parent. */
const withoutId = [
  "Viewer",
  "Dashboard",
  "UserSettings",
  "Presence",
  "AccountSettings",
  "SecretInfo",
  "ProviderSettingValue",
  "Provider",
  "ProviderSetting",
  "ProviderCapabilities",
  "MediaLimit",
  "Customer",
  "Media",
  "FilledAnswer", // the same answer has different text in each interaction
  "Location",
  "ContactCard",
  "MessageDetail",
  "Order",
  "OrderItem",
  "Referral",
  "Product",
  "QuotedMessage",
  "Reaction",
  "Draft",
  "DraftField",
  "TransferTargets",
  "ContactFieldValue",
  "ContactField",
  "Realtime",
  "AgentActivity",
  "Policy",
  "Outbound",
  "Mask",
  "Projection",
  "LiveBatch",
  "ConversationBatch",
  "Watcher",
  "InteractionEdge",
  "ContactEdge",
];

type Row = { __typename: string; id: string };

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

function rows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

function links(cache: Cache, field: string): string[] {
  const value = cache.resolve("Query", field);
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];
}

/** Adds an entry to a list or removes it. Lists that were never fetched stay unfetched. */
function setMembership(cache: Cache, field: string, key: string, belongs: boolean): void {
  if (!Array.isArray(cache.resolve("Query", field))) return;
  const members = links(cache, field);
  if (belongs === members.includes(key)) return;
  cache.link("Query", field, belongs ? [...members, key] : members.filter((k) => k !== key));
}

function myKey(cache: Cache): string | null {
  const me = cache.resolve("Query", "me");
  if (typeof me !== "string") return null;
  const user = cache.resolve(me, "user");
  return typeof user === "string" ? user : null;
}

/** Adds or removes an interaction's session tab. Only the user's own open interactions have one. */
function updateSession(cache: Cache, id: string): void {
  const key = `Interaction:${id}`;
  const mine = cache.resolve(key, "owner") === myKey(cache) && cache.resolve(key, "status") === "OPEN";
  setMembership(cache, "sessions", key, mine);
}

/**
 * Copies a row's unmanaged count to the other interactions of its conversation, because the count is per conversation.
 */
function countUnmanaged(cache: Cache, changed: readonly Row[]): void {
  const counts = new Map<unknown, number>();
  for (const { id } of changed) {
    const count = cache.resolve(`Interaction:${id}`, "unmanaged");
    if (typeof count === "number") counts.set(cache.resolve(`Interaction:${id}`, "conversationId"), count);
  }
  if (counts.size === 0) return;
  const lists = cache.inspectFields("Query").filter((f) => f.fieldName === "interactions");
  for (const field of lists) {
    const connection = cache.resolve("Query", field.fieldKey);
    const edges = typeof connection === "string" ? cache.resolve(connection, "edges") : null;
    for (const edge of Array.isArray(edges) ? edges : []) {
      const node = typeof edge === "string" ? cache.resolve(edge, "node") : null;
      if (typeof node !== "string") continue;
      const unmanaged = counts.get(cache.resolve(node, "conversationId"));
      if (unmanaged === undefined || unmanaged === cache.resolve(node, "unmanaged")) continue;
      cache.writeFragment(
        gql`
          fragment UnmanagedCount on Interaction {
            id
            unmanaged
          }
        `,
        { __typename: "Interaction", id: node.slice("Interaction:".length), unmanaged },
      );
    }
  }
}

/**
 * Removes the loaded whispers of an interaction unless the user may still read them. Only the owner and supervisors
 * may.
 */
function dropWhispers(cache: Cache, id: string): void {
  const me = cache.resolve("Query", "me");
  const permissions = typeof me === "string" ? cache.resolve(me, "permissions") : null;
  const may = (p: string) => Array.isArray(permissions) && permissions.some((x) => String(x) === p);
  if (!may("HANDLE_INTERACTIONS") || may("SUPERVISE")) return; // can never own one, or may read all whispers
  const interaction = `Interaction:${id}`;
  if (cache.resolve(interaction, "owner") === myKey(cache)) return;
  for (const field of cache.inspectFields(interaction)) {
    const connection = field.fieldName === "messages" ? cache.resolve(interaction, field.fieldKey) : null;
    const edges = typeof connection === "string" ? cache.resolve(connection, "edges") : null;
    if (typeof connection !== "string" || !Array.isArray(edges)) continue;
    const whispers = new Map<string, string>();
    for (const edge of edges) {
      const message = typeof edge === "string" ? cache.resolve(edge, "node") : null;
      if (typeof message === "string" && cache.resolve(message, "author") === "WHISPER")
        whispers.set(`${edge}`, message);
    }
    if (whispers.size === 0) continue;
    cache.link(
      connection,
      "edges",
      edges.filter((e): e is string => typeof e === "string" && !whispers.has(e)),
    );
    for (const message of whispers.values()) cache.invalidate(message);
  }
}

/** Updates what depends on the interaction's owner. */
function updateOwner(cache: Cache, id: string): void {
  updateSession(cache, id);
  dropWhispers(cache, id);
}

/** Reports whether a fetched list of contacts lacks this one. Only the server knows its place in the list. */
function lacksContact(cache: Cache, id: string): boolean {
  const lists = cache.inspectFields("Query").filter((f) => f.fieldName === "contacts");
  return lists.some((field) => {
    const connection = cache.resolve("Query", field.fieldKey);
    const edges = typeof connection === "string" ? cache.resolve(connection, "edges") : null;
    return (
      Array.isArray(edges) && !edges.some((e) => typeof e === "string" && cache.resolve(e, "node") === `Contact:${id}`)
    );
  });
}

/** Appends a message that was not fetched with its conversation. */
function appendMessage(cache: Cache, message: unknown): void {
  if (!isRow(message) || !("interactionId" in message)) return;
  const edge = `MessageEdge:${message.id}`;
  for (const field of cache.inspectFields(`Interaction:${message.interactionId}`)) {
    if (field.fieldName !== "messages" || field.arguments?.before) continue;
    const connection = cache.resolve(`Interaction:${message.interactionId}`, field.fieldKey);
    if (typeof connection !== "string") continue;
    const edges = cache.resolve(connection, "edges");
    if (!Array.isArray(edges)) continue;
    const keys = edges.filter((e): e is string => typeof e === "string");
    if (keys.includes(edge)) continue;
    cache.writeFragment(
      gql`
        fragment _ on MessageEdge {
          cursor
          node {
            id
          }
        }
      `,
      { __typename: "MessageEdge", cursor: "", node: { __typename: "Message", id: message.id } },
    );
    cache.link(connection, "edges", [...keys, edge]);
  }
}

const interactionChanged: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload !== "object" || payload === null || !("interaction" in payload)) continue;
    if (isRow(payload.interaction)) updateOwner(cache, payload.interaction.id);
  }
};

const messageAdded: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "message" in payload) appendMessage(cache, payload.message);
  }
};

/** Adds a new transfer to those of its interaction. Mutations and live batches return the transfer, not the list. */
function linkTransfer(cache: Cache, transfer: unknown): void {
  if (!isRow(transfer) || !("interaction" in transfer) || !isRow(transfer.interaction)) return;
  const [interaction, key] = [`Interaction:${transfer.interaction.id}`, `Transfer:${transfer.id}`];
  const known = cache.resolve(interaction, "transfers");
  if (!Array.isArray(known)) return; // not on the screen yet
  const keys = known.filter((k) => typeof k === "string");
  if (!keys.includes(key)) cache.link(interaction, "transfers", [...keys, key]);
}

const transferRequested: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "transfer" in payload) linkTransfer(cache, payload.transfer);
  }
};

/** Invalidates the lists that show the saved kind of setting. */
const settingSaved =
  (...fields: string[]): UpdateResolver =>
  (_result, _args, cache) => {
    for (const field of fields) invalidateLists(cache, field);
  };

function invalidateLists(cache: Cache, field: string): void {
  for (const f of cache.inspectFields("Query")) if (f.fieldName === field) cache.invalidate("Query", f.fieldKey);
}

const settingLists: Record<SettingKind, string[]> = {
  ACCOUNT: ["accounts"],
  QUEUE: ["queues", "dashboard"],
  LIST: ["lists"],
  DISPOSITION: ["dispositions", "dispositionsFor"],
  CANNED_ANSWER: ["cannedAnswers", "cannedAnswersFor"],
  TAG: ["tags"],
  POLICY: ["policy"],
  OUTBOUND: ["outbound"],
};

const MyPresence = gql`
  query MyPresence {
    me {
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`;

type PresenceData = { me: { __typename: "Viewer"; presence: unknown } };

function updatePresence(cache: Cache, presence: unknown): void {
  cache.updateQuery<PresenceData>({ query: MyPresence }, (data) => data && { ...data, me: { ...data.me, presence } });
}

const presenceChanged: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "presence" in payload)
      updatePresence(cache, payload.presence);
  }
};

function applyLiveBatch(result: DataFields, cache: Cache): void {
  const batch = result.live;
  if (typeof batch !== "object" || batch === null || Array.isArray(batch)) return;
  const b = batch as DataFields;
  for (const row of rows(b.interactions)) updateOwner(cache, row.id);
  countUnmanaged(cache, rows(b.interactions));
  for (const row of rows(b.offers)) setMembership(cache, "offers", `Offer:${row.id}`, true);
  for (const row of rows(b.transfers)) {
    setMembership(cache, "transfers", `Transfer:${row.id}`, true);
    linkTransfer(cache, row);
  }
  if (rows(b.contacts).some((row) => lacksContact(cache, row.id))) invalidateLists(cache, "contacts");
  if (b.presence) updatePresence(cache, b.presence);
  for (const id of Array.isArray(b.removed) ? b.removed : []) {
    setMembership(cache, "sessions", `Interaction:${id}`, false);
    cache.invalidate(`Interaction:${id}`);
    invalidateLists(cache, "interactions");
  }
  for (const kind of Array.isArray(b.settings) ? b.settings : []) {
    for (const field of settingLists[kind as SettingKind] ?? []) invalidateLists(cache, field);
  }
}

/** The normalized cache. A row that arrives from anywhere updates every screen that shows it. */
export function createCache() {
  return cacheExchange({
    keys: {
      ...Object.fromEntries(withoutId.map((name) => [name, noKey])),
      MessageEdge: (edge) => (isRow(edge.node) ? edge.node.id : null),
    },
    resolvers: {
      Query: { interactions: relayPagination(), contacts: relayPagination() },
    },
    updates: {
      Mutation: {
        signIn: presenceChanged,
        pause: presenceChanged,
        resume: presenceChanged,
        signOut: presenceChanged,
        acceptOffer: interactionChanged,
        takeInteraction: interactionChanged,
        closeInteraction: interactionChanged,
        assignInteraction: interactionChanged,
        releaseInteraction: interactionChanged,
        separateInteraction: interactionChanged,
        acceptTransfer: interactionChanged,
        requestTransfer: transferRequested,
        sendMessage: messageAdded,
        retryMessage: messageAdded,
        addNote: messageAdded,
        addWhisper: messageAdded,
        rejectOffer: (result, _args, cache) => {
          for (const p of Object.values(result)) {
            if (typeof p === "object" && p !== null && "offerId" in p)
              setMembership(cache, "offers", `Offer:${p.offerId}`, false);
          }
        },
        saveAccount: settingSaved("accounts"),
        saveQueue: settingSaved("queues", "dashboard"),
        saveUser: settingSaved("users"),
        saveList: settingSaved("lists"),
        saveDisposition: settingSaved("dispositions", "dispositionsFor"),
        saveCannedAnswer: settingSaved("cannedAnswers", "cannedAnswersFor"),
        saveTag: settingSaved("tags"),
        releaseOutbound: settingSaved("outbound"),
        archive: settingSaved("users", ...Object.values(settingLists).flat()),
        createContact: settingSaved("contacts"),
      },
      Subscription: {
        live: (result, _args, cache) => applyLiveBatch(result, cache),
        conversation: (result, _args, cache) => {
          const batch = result.conversation;
          if (typeof batch !== "object" || batch === null || Array.isArray(batch)) return;
          const { interaction, messages } = batch as DataFields;
          for (const m of rows(messages)) appendMessage(cache, m);
          if (isRow(interaction)) updateOwner(cache, interaction.id);
        },
      },
    },
  });
}
