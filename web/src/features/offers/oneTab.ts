/**
 * Of several tabs of one agent only one sounds: the one that holds a lock. Where the browser has no locks
 * (plain http from another machine) the tabs agree by shouting: whoever rang last within a moment keeps the others still.
 */
export function createTurn(name: string): { mine: (id: string) => boolean; stop: () => void } {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  const release: { let: (() => void) | null } = { let: null };
  let held = false;
  let stopped = false;
  let othersUntil = 0;

  if (navigator.locks) {
    void navigator.locks.request(name, () => {
      if (stopped) return undefined;
      held = true;
      return new Promise<void>((done) => {
        release.let = done;
      });
    });
  }
  channel?.addEventListener("message", () => {
    othersUntil = Date.now() + 2500;
  });
  return {
    mine(id) {
      if (navigator.locks) return held;
      if (Date.now() < othersUntil) return false;
      channel?.postMessage(id);
      return true;
    },
    stop() {
      stopped = true;
      held = false;
      release.let?.();
      channel?.close();
    },
  };
}
