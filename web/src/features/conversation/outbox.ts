import type { Problem } from "@/graphql/errors";

/**
 * A message that is being sent. It has the id the server will give it, and is removed when the server's row arrives.
 */
export type Pending = {
  id: string;
  commandId: string;
  interactionId: string;
  text: string;
  quoted: { id: string; text: string } | null;
  file: File | null;
  /** The uploaded part of the file, 0 to 1. */
  progress: number;
  seenThrough: string | null;
  at: number;
  state: "sending" | "failed";
  problem: Problem | null;
  /** Whether the server keeps it as a draft meanwhile. */
  kept: boolean;
};

export type Send = (p: Pending, progress: (part: number) => void, signal: AbortSignal) => Promise<Problem | null>;

export type Outbox = {
  all: () => readonly Pending[];
  subscribe: (listener: () => void) => () => void;
  add: (p: Omit<Pending, "id" | "at" | "state" | "problem" | "progress" | "kept">, send: Send) => void;
  retry: (id: string, seenThrough: string | null, send: Send) => void;
  discard: (id: string) => void;
  /** Shows a message that the server kept as a draft, because the page went away before it was accepted. */
  restore: (p: Pick<Pending, "commandId" | "interactionId" | "text" | "quoted">) => void;
  /** Records that the server keeps a message as a draft, so that it survives the page. */
  kept: (id: string) => void;
  /** Forgets all messages and cancels uploads. */
  clear: () => void;
};

type Environment = { now: () => number; wait: (ms: number) => Promise<void> };

const retryDelay = 2000;

/**
 * Sends messages in order, one at a time per interaction. While the server is unreachable it retries the same command
 * id, so the message is stored once. A refused message stays, with the reason. Discarding one cancels its upload.
 */
export function createOutbox(env: Environment): Outbox {
  let items: readonly Pending[] = [];
  const listeners = new Set<() => void>();
  const queues = new Map<string, Promise<void>>();
  const uploads = new Map<string, AbortController>();
  const seen = new Set<string>(); // on this page, also those that are gone

  const set = (next: readonly Pending[]) => {
    items = next;
    for (const l of listeners) l();
  };
  const change = (id: string, to: Partial<Pending>) => set(items.map((p) => (p.id === id ? { ...p, ...to } : p)));

  async function work(id: string, send: Send): Promise<void> {
    for (;;) {
      const p = items.find((x) => x.id === id);
      if (!p) return;
      const controller = new AbortController();
      uploads.set(id, controller);
      const problem = await send(p, (progress) => change(id, { progress }), controller.signal);
      uploads.delete(id);
      if (controller.signal.aborted) return;
      if (!problem) return set(items.filter((x) => x.id !== id));
      if (problem.kind !== "offline") return change(id, { state: "failed", problem });
      await env.wait(retryDelay);
    }
  }
  function queue(p: Pending, send: Send) {
    const before = queues.get(p.interactionId) ?? Promise.resolve();
    queues.set(
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
      const created: Pending = {
        ...p,
        id: `msg_${p.commandId}`,
        at: env.now(),
        state: "sending",
        problem: null,
        progress: 0,
        kept: false,
      };
      seen.add(created.id);
      set([...items, created]);
      queue(created, send);
    },
    restore(p) {
      const id = `msg_${p.commandId}`;
      if (seen.has(id)) return;
      seen.add(id);
      // It waits for the agent: they may have answered in another way since.
      const state = { state: "failed", problem: null, progress: 0, kept: true } as const;
      set([...items, { ...p, ...state, id, at: env.now(), file: null, seenThrough: null }]);
    },
    kept: (id) => change(id, { kept: true }),
    clear() {
      for (const upload of uploads.values()) upload.abort();
      seen.clear();
      set([]);
    },
    retry(id, seenThrough, send) {
      const p = items.find((x) => x.id === id && x.state === "failed");
      if (!p) return;
      change(id, { state: "sending", problem: null, seenThrough });
      queue(p, send);
    },
    discard(id) {
      uploads.get(id)?.abort();
      set(items.filter((p) => p.id !== id));
    },
  };
}

export const outbox = createOutbox({ now: () => Date.now(), wait: (ms) => new Promise((r) => setTimeout(r, ms)) });
