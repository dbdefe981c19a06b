/**
 * Decides when offers ring. Each new offer rings at least once. Ringing repeats every few seconds until all offers are
 * answered, unless the agent is active in the window that shows them.
 */
export type Ringer = { update: (pending: readonly string[]) => void; touched: () => void; stop: () => void };

type Environment = {
  ring: (id: string) => void;
  /** Reports whether this window has the focus. */
  looking: () => boolean;
  every: (ms: number, run: () => void) => () => void;
};

export const repeatEvery = 3000;

export function createRinger(env: Environment): Ringer {
  const heard = new Set<string>();
  let pending: readonly string[] = [];
  let touchedSince = false;
  let stopTimer: (() => void) | null = null;

  const repeat = () => {
    if (pending.length === 0 || (env.looking() && touchedSince)) return;
    const first = pending[0];
    if (first !== undefined) env.ring(first);
  };
  return {
    update(now) {
      pending = now;
      const fresh = now.filter((id) => !heard.has(id));
      for (const id of [...heard]) if (!now.includes(id)) heard.delete(id);
      for (const id of fresh) heard.add(id);
      if (fresh[0] !== undefined) {
        touchedSince = false;
        env.ring(fresh[0]);
      }
      if (now.length > 0) stopTimer ??= env.every(repeatEvery, repeat);
      else {
        stopTimer?.();
        stopTimer = null;
      }
    },
    /** Call this when the agent moves the pointer or presses a key, so they have seen the offer. */
    touched() {
      touchedSince = true;
    },
    stop() {
      stopTimer?.();
      stopTimer = null;
      pending = [];
    },
  };
}
