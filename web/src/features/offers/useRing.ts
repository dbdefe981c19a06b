import { useEffect, useRef, useSyncExternalStore } from "react";
import { createRinger, type Ringer } from "./ring";
import { allowSound, isSilent, onSoundChange, ringOnce } from "./sound";
import { createTabLock } from "./tabLock";

/** Rings for these offers, in one of the agent's tabs only. A tab without sound permission does not compete. */
export function useRing(pending: readonly string[]): void {
  const silent = useSilent();
  const ringer = useRef<Ringer | null>(null);
  const key = pending.join(" ");
  useEffect(() => {
    if (silent) return;
    const lock = createTabLock("parley-ring");
    const created = createRinger({
      ring: (id) => {
        document.documentElement.dataset.rang = id;
        if (!lock.mayRing(id)) return;
        document.documentElement.dataset.sounded = id;
        ringOnce();
      },
      looking: () => document.hasFocus(),
      every: (ms, run) => {
        const timer = window.setInterval(run, ms);
        return () => window.clearInterval(timer);
      },
    });
    ringer.current = created;
    const touched = () => created.touched();
    window.addEventListener("pointermove", touched);
    window.addEventListener("keydown", touched);
    return () => {
      window.removeEventListener("pointermove", touched);
      window.removeEventListener("keydown", touched);
      created.stop();
      lock.stop();
      ringer.current = null;
    };
  }, [silent]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a ringer created after sound was allowed needs the offers too
  useEffect(() => {
    ringer.current?.update(key === "" ? [] : key.split(" "));
  }, [key, silent]);
}

/** Reports whether the browser blocks sound. The first click or key press unblocks it. */
export function useSilent(): boolean {
  const silent = useSyncExternalStore(onSoundChange, isSilent);
  useEffect(() => {
    if (!silent) return;
    const allow = () => void allowSound();
    window.addEventListener("pointerdown", allow, { once: true });
    window.addEventListener("keydown", allow, { once: true });
    return () => {
      window.removeEventListener("pointerdown", allow);
      window.removeEventListener("keydown", allow);
    };
  }, [silent]);
  return silent;
}
