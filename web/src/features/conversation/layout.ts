import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { startOfDay } from "@/lib/time";

/** One line of the log: a day, or a message with how it stands to the one above. */
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; message: MessageFieldsFragment; follows: boolean };

const together = 4 * 60_000;

/** In log order, once each, whatever way they came. */
export function inOrder(messages: readonly MessageFieldsFragment[]): MessageFieldsFragment[] {
  const once = new Map(messages.map((m) => [m.id, m]));
  return [...once.values()].sort((a, b) => a.position - b.position);
}

function sameHand(a: MessageFieldsFragment, b: MessageFieldsFragment): boolean {
  return a.author === b.author && a.by?.id === b.by?.id && Date.parse(b.sentAt) - Date.parse(a.sentAt) < together;
}

/** Puts days between messages and says which ones follow the one above from the same hand. */
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
      follows: !newDay && above !== undefined && sameHand(above, message),
    });
    above = message;
  }
  return out;
}

export type Chunk = { id: number; messages: MessageFieldsFragment[] };

const chunkSize = 40;

/**
 * Divides a growing log into pieces that never change their borders, so that a piece far from the window can be
 * replaced by its height. Older messages make new pieces in front, newer ones fill the last.
 */
export function createChunker(): (messages: readonly MessageFieldsFragment[]) => Chunk[] {
  const home = new Map<string, number>();
  const count = new Map<number, number>();
  let first = 0;
  let last = 0;
  const settle = (id: string, chunk: number) => {
    home.set(id, chunk);
    count.set(chunk, (count.get(chunk) ?? 0) + 1);
  };
  return (messages) => {
    const known = messages.findIndex((m) => home.has(m.id));
    const older = known < 0 ? [] : messages.slice(0, known);
    for (const m of older.reverse()) {
      if ((count.get(first) ?? 0) >= chunkSize || first === last) first--;
      settle(m.id, first);
    }
    let at = first;
    for (const m of messages) {
      const here = home.get(m.id);
      if (here !== undefined) {
        at = here;
        continue;
      }
      if (at === last && (count.get(last) ?? 0) >= chunkSize) {
        last++;
        at = last;
      }
      settle(m.id, at);
    }
    const chunks = new Map<number, Chunk>();
    for (const m of messages) {
      const id = home.get(m.id) ?? last;
      const chunk = chunks.get(id) ?? { id, messages: [] };
      chunk.messages.push(m);
      chunks.set(id, chunk);
    }
    return [...chunks.values()];
  };
}
