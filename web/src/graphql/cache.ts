import { type Cache, cacheExchange, type DataFields, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { gql } from "urql";

const embedded = () => null;

/** Types without an id of their own live inside the row that names them. */
const withoutId = [
  "Viewer",
  "Dashboard",
  "UserSettings",
  "Presence",
  "AccountSettings",
  "SecretInfo",
  "Customer",
  "Media",
  "FilledAnswer", // the same answer reads differently in each interaction
  "Location",
  "ContactCard",
  "MessageDetail",
  "Order",
  "OrderItem",
  "Referral",
  "Product",
  "QuotedMessage",
  "Reaction",
  "TransferTargets",
  "ContactFieldValue",
  "ContactField",
  "Realtime",
  "AgentActivity",
  "Policy",
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

/** Where a list was fetched once, adds what belongs to it and removes what does not. */
function place(cache: Cache, field: string, key: string, belongs: boolean): void {
  if (!Array.isArray(cache.resolve("Query", field))) return;
  const now = links(cache, field);
  if (belongs === now.includes(key)) return;
  cache.link("Query", field, belongs ? [...now, key] : now.filter((k) => k !== key));
}

function myKey(cache: Cache): string | null {
  const me = cache.resolve("Query", "me");
  if (typeof me !== "string") return null;
  const user = cache.resolve(me, "user");
  return typeof user === "string" ? user : null;
}

/** An open interaction of mine has a session tab; any other has none. */
function placeSession(cache: Cache, id: string): void {
  const key = `Interaction:${id}`;
  const mine = cache.resolve(key, "owner") === myKey(cache) && cache.resolve(key, "status") === "OPEN";
  place(cache, "sessions", key, mine);
}

/** What nobody has managed is counted per conversation (R93), so the count that comes with one row is true of the others. */
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
 * Whispers are for the owner and for supervisors (A22). Whoever is neither any more keeps none of those he has loaded, on the
 * screen or behind it.
 */
function dropWhispers(cache: Cache, id: string): void {
  const me = cache.resolve("Query", "me");
  const permissions = typeof me === "string" ? cache.resolve(me, "permissions") : null;
  const may = (p: string) => Array.isArray(permissions) && permissions.some((x) => String(x) === p);
  if (!may("HANDLE_INTERACTIONS") || may("SUPERVISE")) return; // never an owner, or reads them all
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

/** What hangs on whose an interaction is. */
function settleOwner(cache: Cache, id: string): void {
  placeSession(cache, id);
  dropWhispers(cache, id);
}

/** Lists of contacts that were fetched do not have one that came since; where it belongs only the server says (R16). */
function missContact(cache: Cache, id: string): boolean {
  const lists = cache.inspectFields("Query").filter((f) => f.fieldName === "contacts");
  return lists.some((field) => {
    const connection = cache.resolve("Query", field.fieldKey);
    const edges = typeof connection === "string" ? cache.resolve(connection, "edges") : null;
    return (
      Array.isArray(edges) && !edges.some((e) => typeof e === "string" && cache.resolve(e, "node") === `Contact:${id}`)
    );
  });
}

/** A message that was not fetched with its conversation joins it at the end. */
function placeMessage(cache: Cache, message: unknown): void {
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
    if (isRow(payload.interaction)) settleOwner(cache, payload.interaction.id);
  }
};

const messageAdded: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "message" in payload) placeMessage(cache, payload.message);
  }
};

/** What became of the latest transfer is told with the transfer, not with its interaction. */
function placeTransfer(cache: Cache, transfer: unknown): void {
  if (!isRow(transfer) || !("interaction" in transfer) || !isRow(transfer.interaction)) return;
  cache.link(`Interaction:${transfer.interaction.id}`, "lastTransfer", `Transfer:${transfer.id}`);
}

const transferRequested: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "transfer" in payload)
      placeTransfer(cache, payload.transfer);
  }
};

/** After a setting was saved, lists of that kind are read again. */
const settingSaved =
  (...fields: string[]): UpdateResolver =>
  (_result, _args, cache) => {
    for (const field of fields) forget(cache, field);
  };

function forget(cache: Cache, field: string): void {
  for (const f of cache.inspectFields("Query")) if (f.fieldName === field) cache.invalidate("Query", f.fieldKey);
}

const settingLists: Record<string, string[]> = {
  account: ["accounts"],
  queue: ["queues", "dashboard"],
  user: ["users"],
  list: ["lists"],
  disposition: ["dispositions", "dispositionsFor"],
  cannedanswer: ["cannedAnswers", "cannedAnswersFor"],
  tag: ["tags"],
  policy: ["policy"],
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

function keepPresence(cache: Cache, presence: unknown): void {
  cache.updateQuery<PresenceData>({ query: MyPresence }, (data) => data && { ...data, me: { ...data.me, presence } });
}

const presenceChanged: UpdateResolver = (result, _args, cache) => {
  for (const payload of Object.values(result)) {
    if (typeof payload === "object" && payload !== null && "presence" in payload) keepPresence(cache, payload.presence);
  }
};

function live(result: DataFields, cache: Cache): void {
  const batch = result.live;
  if (typeof batch !== "object" || batch === null || Array.isArray(batch)) return;
  const b = batch as DataFields;
  for (const row of rows(b.interactions)) settleOwner(cache, row.id);
  countUnmanaged(cache, rows(b.interactions));
  for (const row of rows(b.offers)) place(cache, "offers", `Offer:${row.id}`, true);
  for (const row of rows(b.transfers)) {
    place(cache, "transfers", `Transfer:${row.id}`, true);
    placeTransfer(cache, row);
  }
  if (rows(b.contacts).some((row) => missContact(cache, row.id))) forget(cache, "contacts");
  if (b.presence) keepPresence(cache, b.presence);
  for (const id of Array.isArray(b.removed) ? b.removed : []) {
    place(cache, "sessions", `Interaction:${id}`, false);
    cache.invalidate(`Interaction:${id}`);
    forget(cache, "interactions");
  }
  for (const kind of Array.isArray(b.settings) ? b.settings : []) {
    for (const field of settingLists[String(kind)] ?? []) forget(cache, field);
  }
}

/** The one place rows live. Lists keep ids; a row that arrives by any way redraws wherever it is shown. */
export function createCache() {
  return cacheExchange({
    keys: {
      ...Object.fromEntries(withoutId.map((name) => [name, embedded])),
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
        acceptTransfer: interactionChanged,
        requestTransfer: transferRequested,
        sendMessage: messageAdded,
        retryMessage: messageAdded,
        addNote: messageAdded,
        addWhisper: messageAdded,
        rejectOffer: (result, _args, cache) => {
          for (const p of Object.values(result)) {
            if (typeof p === "object" && p !== null && "offerId" in p)
              place(cache, "offers", `Offer:${p.offerId}`, false);
          }
        },
        saveAccount: settingSaved("accounts"),
        saveQueue: settingSaved("queues", "dashboard"),
        saveUser: settingSaved("users"),
        saveList: settingSaved("lists"),
        saveDisposition: settingSaved("dispositions", "dispositionsFor"),
        saveCannedAnswer: settingSaved("cannedAnswers", "cannedAnswersFor"),
        saveTag: settingSaved("tags"),
        archive: settingSaved(...Object.values(settingLists).flat()),
        createContact: settingSaved("contacts"),
      },
      Subscription: {
        live: (result, _args, cache) => live(result, cache),
        conversation: (result, _args, cache) => {
          const batch = result.conversation;
          if (typeof batch !== "object" || batch === null || Array.isArray(batch)) return;
          const { interaction, messages } = batch as DataFields;
          for (const m of rows(messages)) placeMessage(cache, m);
          if (isRow(interaction)) settleOwner(cache, interaction.id);
        },
      },
    },
  });
}
