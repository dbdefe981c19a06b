import { useSyncExternalStore } from "react";

/** A message to the user. A plain one disappears after a while, unless it says `stays`. */
export type Notice = {
  id: number;
  tone: "danger" | "plain";
  text: string;
  stays?: boolean;
  /** The code of the refusal it reports, so that it can be dismissed once the cause is gone. */
  code?: string;
  action?: { label: string; run: () => void };
};

let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]) {
  notices = next;
  for (const l of listeners) l();
}

const undoFor = 8000;

export function notify(notice: Omit<Notice, "id">): void {
  const id = nextId++;
  set([...notices.filter((n) => n.text !== notice.text), { ...notice, id }].slice(-3));
  if (notice.tone === "plain" && !notice.stays) window.setTimeout(() => dismiss(id), undoFor);
}

export function dismiss(id: number): void {
  set(notices.filter((n) => n.id !== id));
}

/** Dismisses the notices of a refusal whose cause is gone. */
export function dismissByCode(code: string): void {
  set(notices.filter((n) => n.code !== code));
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => notices,
  );
}
