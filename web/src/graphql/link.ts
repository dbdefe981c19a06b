import { useSyncExternalStore } from "react";

/** How the live connection is doing. `caughtUp` follows a reconnect: what was missed has just arrived. */
export type LinkStatus = "connecting" | "live" | "reconnecting";
export type Link = { status: LinkStatus; since: number; missed: number; lostAt: number | null };

let link: Link = { status: "connecting", since: Date.now(), missed: 0, lostAt: null };
const listeners = new Set<() => void>();

function set(next: Link) {
  link = next;
  for (const l of listeners) l();
}

export const linkState = {
  connected() {
    if (link.status !== "live") set({ ...link, status: "live", since: Date.now(), missed: 0 });
  },
  lost() {
    if (link.status !== "reconnecting") set({ ...link, status: "reconnecting", since: Date.now(), lostAt: Date.now() });
  },
  /** Counts rows that arrived in the first moments after a reconnect. */
  received(rows: number) {
    if (rows > 0 && link.lostAt !== null && link.status === "live" && Date.now() - link.since < 3000) {
      set({ ...link, missed: link.missed + rows });
    }
  },
};

export function useLink(): Link {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => link,
  );
}
