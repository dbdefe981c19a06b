import { useSyncExternalStore } from "react";

/** A question in front of everything else, about one interaction. */
export type Question =
  | { what: "close"; id: string; next?: boolean }
  | { what: "dispose"; id: string }
  | { what: "transfer"; id: string }
  | { what: "assign"; id: string };

let current: Question | null = null;
const listeners = new Set<() => void>();

/** Opens a question from anywhere: a tab, a menu, a key. Null puts it away. */
export function ask(question: Question | null): void {
  current = question;
  for (const l of listeners) l();
}

export function useQuestion(): Question | null {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => current,
  );
}
