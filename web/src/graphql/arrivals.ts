import { useEffect, useRef } from "react";
import { type Arrivals, onArrivals } from "./live";

/** Calls `again` after a change that concerns the caller, at most about once a second and with a random delay. */
export function useArrivals(concerns: (a: Arrivals) => boolean, again: () => void): void {
  const latest = useRef({ concerns, again });
  useEffect(() => {
    latest.current = { concerns, again };
  });
  useEffect(() => {
    let timer = 0;
    const stop = onArrivals((arrivals) => {
      if (timer !== 0 || !latest.current.concerns(arrivals)) return;
      timer = window.setTimeout(
        () => {
          timer = 0;
          latest.current.again();
        },
        300 + Math.random() * 1200,
      );
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, []);
}
