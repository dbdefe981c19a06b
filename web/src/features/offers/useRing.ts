import { useEffect, useRef, useSyncExternalStore } from "react";
import { createTurn } from "./oneTab";
import { createRinger, type Ringer } from "./ring";
import { allowSound, isSilent, onSoundChange, ringOnce } from "./sound";

/** Sounds for these offers, in one of the agent's tabs. A tab the browser keeps silent does not take the turn. */
export function useRing(standing: readonly string[]): void {
  const silent = useSilent();
  const ringer = useRef<Ringer | null>(null);
  const key = standing.join(" ");
  useEffect(() => {
    if (silent) return;
    const turn = createTurn("parley-ring");
    const made = createRinger({
      ring: (id) => {
        document.documentElement.dataset.rang = id;
        if (!turn.mine(id)) return;
        document.documentElement.dataset.sounded = id;
        ringOnce();
      },
      looking: () => document.hasFocus(),
      every: (ms, run) => {
        const timer = window.setInterval(run, ms);
        return () => window.clearInterval(timer);
      },
    });
    ringer.current = made;
    const touched = () => made.touched();
    window.addEventListener("pointermove", touched);
    window.addEventListener("keydown", touched);
    return () => {
      window.removeEventListener("pointermove", touched);
      window.removeEventListener("keydown", touched);
      made.stop();
      turn.stop();
      ringer.current = null;
    };
  }, [silent]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new ringer, made when sound is allowed, has to hear of them too
  useEffect(() => {
    ringer.current?.update(key === "" ? [] : key.split(" "));
  }, [key, silent]);
}

/** Whether the browser keeps the page silent. The first press anywhere ends that by itself. */
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
