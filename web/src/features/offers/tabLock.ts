/**
 * Makes sure that only one of the agent's tabs rings: the one that holds a lock. Browsers without locks (plain http
 * from another machine) fall back to messages between tabs: after one tab rings, the others stay silent for a moment.
 */
export function createTabLock(name: string): { mayRing: (id: string) => boolean; stop: () => void } {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  const lock: { release: (() => void) | null } = { release: null };
  let held = false;
  let stopped = false;
  let silentUntil = 0;

  if (navigator.locks) {
    void navigator.locks.request(name, () => {
      if (stopped) return undefined;
      held = true;
      return new Promise<void>((done) => {
        lock.release = done;
      });
    });
  }
  channel?.addEventListener("message", () => {
    silentUntil = Date.now() + 2500;
  });
  return {
    mayRing(id) {
      if (navigator.locks) return held;
      if (Date.now() < silentUntil) return false;
      channel?.postMessage(id);
      return true;
    },
    stop() {
      stopped = true;
      held = false;
      lock.release?.();
      channel?.close();
    },
  };
}
