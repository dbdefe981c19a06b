import type { Problem } from "@/graphql/errors";

/** A message on its way: shown at once, gone when the server's own is here. Its id is the one the server will give it. */
export type Pending = {
  id: string;
  commandId: string;
  interactionId: string;
  text: string;
  quoted: { id: string; text: string } | null;
  file: File | null;
  /** How much of the file is up, 0 to 1. */
  progress: number;
  seenThrough: string | null;
  at: number;
  state: "sending" | "failed";
  problem: Problem | null;
};

export type Send = (p: Pending, progress: (part: number) => void, signal: AbortSignal) => Promise<Problem | null>;

export type Outbox = {
  all: () => readonly Pending[];
  subscribe: (listener: () => void) => () => void;
  add: (p: Omit<Pending, "id" | "at" | "state" | "problem" | "progress">, send: Send) => void;
  retry: (id: string, seenThrough: string | null, send: Send) => void;
  discard: (id: string) => void;
};

type World = { now: () => number; later: (ms: number) => Promise<void> };

const away = 2000;

/**
 * Sends in the order written, one at a time for each interaction. While the server cannot be reached the same
 * command is tried again and again: its id makes that one message. A refusal stops it, with the reason in words. One
 * whose file is still going up can be called off.
 */
export function createOutbox(world: World): Outbox {
  let items: readonly Pending[] = [];
  const listeners = new Set<() => void>();
  const lines = new Map<string, Promise<void>>();
  const working = new Map<string, AbortController>();

  const set = (next: readonly Pending[]) => {
    items = next;
    for (const l of listeners) l();
  };
  const change = (id: string, to: Partial<Pending>) => set(items.map((p) => (p.id === id ? { ...p, ...to } : p)));

  async function work(id: string, send: Send): Promise<void> {
    for (;;) {
      const p = items.find((x) => x.id === id);
      if (!p) return;
      const called = new AbortController();
      working.set(id, called);
      const problem = await send(p, (progress) => change(id, { progress }), called.signal);
      working.delete(id);
      if (called.signal.aborted) return;
      if (!problem) return set(items.filter((x) => x.id !== id));
      if (problem.kind !== "offline") return change(id, { state: "failed", problem });
      await world.later(away);
    }
  }
  function queue(p: Pending, send: Send) {
    const before = lines.get(p.interactionId) ?? Promise.resolve();
    lines.set(
      p.interactionId,
      before.then(() => work(p.id, send)),
    );
  }
  return {
    all: () => items,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(p, send) {
      const made: Pending = {
        ...p,
        id: `msg_${p.commandId}`,
        at: world.now(),
        state: "sending",
        problem: null,
        progress: 0,
      };
      set([...items, made]);
      queue(made, send);
    },
    retry(id, seenThrough, send) {
      const p = items.find((x) => x.id === id && x.state === "failed");
      if (!p) return;
      change(id, { state: "sending", problem: null, seenThrough });
      queue(p, send);
    },
    discard(id) {
      working.get(id)?.abort();
      set(items.filter((p) => p.id !== id));
    },
  };
}

export const outbox = createOutbox({ now: () => Date.now(), later: (ms) => new Promise((r) => setTimeout(r, ms)) });
