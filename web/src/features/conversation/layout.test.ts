import { describe, expect, test } from "vitest";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { createChunker, handovers, inLogOrder, lines, withHandovers } from "./layout";

function message(position: number, more: Partial<MessageFieldsFragment> = {}): MessageFieldsFragment {
  const at = new Date(2026, 2, 1, 10, position).toISOString();
  return {
    __typename: "Message",
    id: `msg_${position}`,
    interactionId: "int_1",
    position,
    author: "CUSTOMER",
    kind: "TEXT",
    text: String(position),
    forwarded: false,
    edited: false,
    revoked: false,
    erased: false,
    status: null,
    mark: null,
    description: null,
    failure: null,
    retriedBy: null,
    sentAt: at,
    recordedAt: at,
    acceptedAt: null,
    deliveredAt: null,
    readAt: null,
    delayed: false,
    by: null,
    media: null,
    location: null,
    cards: [],
    quoted: null,
    reactions: [],
    ...more,
  } as MessageFieldsFragment;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => message(from + i));

test("messages are in log order, without duplicates", () => {
  expect(inLogOrder([message(3), message(1), message(2), message(1)]).map((m) => m.position)).toEqual([1, 2, 3]);
});

describe("lines of the log", () => {
  test("a day separator precedes the first message of a day", () => {
    const next = message(1, { sentAt: new Date(2026, 2, 2).toISOString() });
    expect(lines([message(0), next]).map((l) => l.kind)).toEqual(["day", "message", "day", "message"]);
  });
  test("a message is grouped with the one above by the same author within minutes", () => {
    const flat = lines([message(0), message(1), message(9), message(10, { author: "NOTE" })]).flatMap((l) =>
      l.kind === "message" ? [l.follows] : [],
    );
    expect(flat).toEqual([false, true, false, false]);
  });
});

describe("chunks of a long log", () => {
  test("the chunks hold every message once and in order", () => {
    const chunks = createChunker()(range(0, 130));
    expect(chunks.flatMap((c) => c.messages.map((m) => m.position))).toEqual(range(0, 130).map((m) => m.position));
    for (const c of chunks) expect(c.messages.length).toBeLessThanOrEqual(40);
  });
  test("chunks keep their borders when older and newer messages arrive", () => {
    const chunk = createChunker();
    const before = chunk(range(50, 100));
    const after = chunk(range(0, 103));
    const chunkOf = (chunks: ReturnType<typeof chunk>) =>
      new Map(chunks.flatMap((c) => c.messages.map((m): [string, number] => [m.id, c.id])));
    const now = chunkOf(after);
    for (const [id, at] of chunkOf(before)) expect(now.get(id)).toBe(at);
    expect(after.flatMap((c) => c.messages.map((m) => m.position))).toEqual(range(0, 103).map((m) => m.position));
  });
});

describe("handover notes", () => {
  const transfer = (id: string, minute: number, more: object = {}) => ({
    id,
    status: "COMPLETED",
    note: `note ${id}`,
    requestedAt: new Date(2026, 2, 1, 10, minute).toISOString(),
    endedAt: new Date(2026, 2, 1, 10, minute, 30).toISOString(),
    from: { name: "Anna" },
    acceptedBy: { name: "Ben" },
    ...more,
  });
  const shown = (list: ReturnType<typeof lines>) =>
    list.flatMap((l) => (l.kind === "message" ? [l.key] : l.kind === "handover" ? [l.handover.note] : []));

  test("stay in the log after the transfer was accepted, also when a later one follows", () => {
    const notes = handovers([transfer("a", 1), transfer("b", 3)]);
    const list = withHandovers(lines(range(0, 4)), notes, Number.NEGATIVE_INFINITY, true);
    expect(shown(list)).toEqual(["msg_0", "msg_1", "note a", "msg_2", "msg_3", "note b"]);
  });
  test("of transfers that were not accepted, or without a note, are not shown", () => {
    expect(handovers([transfer("a", 1, { status: "REFUSED" }), transfer("b", 2, { note: null })])).toEqual([]);
  });
  test("appear in one part of the log only", () => {
    const notes = handovers([transfer("a", 1), transfer("b", 3)]);
    const [first, second] = [range(0, 2), range(2, 4)];
    expect(shown(withHandovers(lines(first), notes, Number.NEGATIVE_INFINITY, false))).toEqual(["msg_0", "msg_1"]);
    expect(shown(withHandovers(lines(second), notes, Date.parse(message(1).recordedAt), true))).toEqual([
      "note a",
      "msg_2",
      "msg_3",
      "note b",
    ]);
  });
});
