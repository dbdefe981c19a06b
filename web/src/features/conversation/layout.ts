import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { startOfDay } from "@/lib/time";

/** A note that an agent wrote for the colleague who took the interaction over. */
export type Handover = { id: string; at: string; from: string; to: string; note: string };

/** One line of the log: a day separator, a handover note, or a message that may be grouped with the one above. */
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "handover"; key: string; handover: Handover }
  | { kind: "message"; key: string; message: MessageFieldsFragment; follows: boolean };

const groupWithin = 4 * 60_000;

/** Sorts messages in log order and removes duplicates. */
export function inLogOrder(messages: readonly MessageFieldsFragment[]): MessageFieldsFragment[] {
  const once = new Map(messages.map((m) => [m.id, m]));
  return [...once.values()].sort((a, b) => a.position - b.position);
}

function sameAuthor(a: MessageFieldsFragment, b: MessageFieldsFragment): boolean {
  return a.author === b.author && a.by?.id === b.by?.id && Date.parse(b.sentAt) - Date.parse(a.sentAt) < groupWithin;
}

type Transfer = {
  id: string;
  status: string;
  note: string | null;
  requestedAt: string;
  endedAt: string | null;
  from: { name: string };
  acceptedBy: { name: string } | null;
};

/** Returns the notes of the transfers that were accepted, in the order in which they were. */
export function handovers(transfers: readonly Transfer[]): Handover[] {
  return transfers
    .flatMap((x) =>
      (x.status === "ACCEPTED" || x.status === "COMPLETED") && x.note
        ? [{ id: x.id, at: x.endedAt ?? x.requestedAt, from: x.from.name, to: x.acceptedBy?.name ?? "", note: x.note }]
        : [],
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/**
 * Inserts the handover notes into a part of the log, each above the first message recorded after it. Those up to `after`
 * belong to an earlier part; the last part also has those that no message follows.
 */
export function withHandovers(list: readonly Line[], notes: readonly Handover[], after: number, last: boolean): Line[] {
  const waiting = notes.filter((n) => Date.parse(n.at) > after);
  const line = (handover: Handover): Line => ({ kind: "handover", key: `handover-${handover.id}`, handover });
  const out: Line[] = [];
  for (const l of list) {
    const until = l.kind === "message" ? Date.parse(l.message.recordedAt) : Number.NEGATIVE_INFINITY;
    while (waiting[0] && Date.parse(waiting[0].at) <= until) out.push(line(waiting.shift() as Handover));
    out.push(l);
  }
  return last ? [...out, ...waiting.map(line)] : out;
}

/** Inserts day separators, and marks messages that follow one by the same author. */
export function lines(messages: readonly MessageFieldsFragment[]): Line[] {
  const out: Line[] = [];
  let above: MessageFieldsFragment | undefined;
  for (const message of messages) {
    const newDay = !above || startOfDay(above.sentAt) !== startOfDay(message.sentAt);
    if (newDay) out.push({ kind: "day", key: `day-${message.id}`, at: message.sentAt });
    out.push({
      kind: "message",
      key: message.id,
      message,
      follows: !newDay && above !== undefined && sameAuthor(above, message),
    });
    above = message;
  }
  return out;
}

export type Chunk = { id: number; messages: MessageFieldsFragment[] };

const chunkSize = 40;

/**
 * Splits a growing log into chunks with fixed borders, so that a chunk far outside the viewport can be replaced by its
 * height. Older messages start new chunks at the front, newer ones fill the last chunk.
 */
export function createChunker(): (messages: readonly MessageFieldsFragment[]) => Chunk[] {
  const chunkOf = new Map<string, number>();
  const count = new Map<number, number>();
  let first = 0;
  let last = 0;
  const assign = (id: string, chunk: number) => {
    chunkOf.set(id, chunk);
    count.set(chunk, (count.get(chunk) ?? 0) + 1);
  };
  return (messages) => {
    const known = messages.findIndex((m) => chunkOf.has(m.id));
    const older = known < 0 ? [] : messages.slice(0, known);
    for (const m of older.reverse()) {
      if ((count.get(first) ?? 0) >= chunkSize || first === last) first--;
      assign(m.id, first);
    }
    let at = first;
    for (const m of messages) {
      const here = chunkOf.get(m.id);
      if (here !== undefined) {
        at = here;
        continue;
      }
      if (at === last && (count.get(last) ?? 0) >= chunkSize) {
        last++;
        at = last;
      }
      assign(m.id, at);
    }
    const chunks = new Map<number, Chunk>();
    for (const m of messages) {
      const id = chunkOf.get(m.id) ?? last;
      const chunk = chunks.get(id) ?? { id, messages: [] };
      chunk.messages.push(m);
      chunks.set(id, chunk);
    }
    return [...chunks.values()];
  };
}
