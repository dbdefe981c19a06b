import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { startOfDay } from "@/lib/time";

/** One line of the log: a day separator, or a message that may be grouped with the one above. */
export type Line =
  | { kind: "day"; key: string; at: string }
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
