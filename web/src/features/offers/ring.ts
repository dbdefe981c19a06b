/**
 * When an offer sounds. Each new one rings once at least; it goes on every few seconds until it is answered,
 * except while the agent is plainly at the screen that shows it.
 */
export type Ringer = { update: (standing: readonly string[]) => void; touched: () => void; stop: () => void };

type World = {
  ring: (id: string) => void;
  /** True while this window has the focus. */
  looking: () => boolean;
  every: (ms: number, run: () => void) => () => void;
};

export const pause = 3000;

export function createRinger(world: World): Ringer {
  const heard = new Set<string>();
  let standing: readonly string[] = [];
  let touchedSince = false;
  let stopTimer: (() => void) | null = null;

  const again = () => {
    if (standing.length === 0 || (world.looking() && touchedSince)) return;
    const first = standing[0];
    if (first !== undefined) world.ring(first);
  };
  return {
    update(now) {
      standing = now;
      const fresh = now.filter((id) => !heard.has(id));
      for (const id of [...heard]) if (!now.includes(id)) heard.delete(id);
      for (const id of fresh) heard.add(id);
      if (fresh[0] !== undefined) {
        touchedSince = false;
        world.ring(fresh[0]);
      }
      if (now.length > 0) stopTimer ??= world.every(pause, again);
      else {
        stopTimer?.();
        stopTimer = null;
      }
    },
    /** The agent moved or pressed something: the card has been seen. */
    touched() {
      touchedSince = true;
    },
    stop() {
      stopTimer?.();
      stopTimer = null;
      standing = [];
    },
  };
}
