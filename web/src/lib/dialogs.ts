import { useSyncExternalStore } from "react";

/** A dialog that can be opened from anywhere; most are about one interaction. */
export type DialogRequest =
  | { kind: "close"; id: string; next?: boolean }
  | { kind: "dispose"; id: string }
  | { kind: "transfer"; id: string }
  | { kind: "assign"; id: string }
  | { kind: "browsers" };

let current: DialogRequest | null = null;
const listeners = new Set<() => void>();

/** Opens a dialog from anywhere, or closes it with null. */
export function openDialog(dialog: DialogRequest | null): void {
  current = dialog;
  for (const l of listeners) l();
}

export function useOpenDialog(): DialogRequest | null {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => current,
  );
}
