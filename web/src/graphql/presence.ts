import { useEffect, useRef } from "react";
import { onArrivals } from "./live";

/**
 * Asks again for what hangs on who is there, while it is on the screen. How many of a queue can be offered something is told
 * with no row, since thousands of desktops would be told who show no queue; those that do ask at moments of their own.
 */
export function usePresenceChange(again: () => void): void {
  const latest = useRef(again);
  useEffect(() => {
    latest.current = again;
  });
  useEffect(() => {
    let timer = 0;
    const stop = onArrivals(({ users }) => {
      if (users.length === 0 || timer !== 0) return;
      timer = window.setTimeout(
        () => {
          timer = 0;
          latest.current();
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
