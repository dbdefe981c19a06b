import { useSyncExternalStore } from "react";

/** The state of the live connection. */
export type ConnectionStatus = "connecting" | "live" | "reconnecting";
export type Connection = {
  status: ConnectionStatus;
  since: number;
  missed: number;
  lostAt: number | null;
  /** What the server does not show yet: since when, null if that is unknown. Null while it shows everything. */
  behind: { since: number | null } | null;
};

let connection: Connection = { status: "connecting", since: Date.now(), missed: 0, lostAt: null, behind: null };
const listeners = new Set<() => void>();

function set(next: Connection) {
  connection = next;
  for (const l of listeners) l();
}

export const connectionState = {
  connected() {
    if (connection.status !== "live") set({ ...connection, status: "live", since: Date.now(), missed: 0 });
  },
  lost() {
    if (connection.status !== "reconnecting")
      set({ ...connection, status: "reconnecting", since: Date.now(), lostAt: Date.now() });
  },
  /** Records how many seconds old what the server does not show yet is: 0 if unknown, null if it shows everything. */
  behind(seconds: number | null) {
    if (seconds === null && connection.behind === null) return;
    const since = seconds ? Date.now() - seconds * 1000 : null;
    set({ ...connection, behind: seconds === null ? null : { since } });
  },
  /** Counts rows that arrived shortly after a reconnect. */
  received(rows: number) {
    if (
      rows > 0 &&
      connection.lostAt !== null &&
      connection.status === "live" &&
      Date.now() - connection.since < 3000
    ) {
      set({ ...connection, missed: connection.missed + rows });
    }
  },
};

export function connectionStatus(): ConnectionStatus {
  return connection.status;
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => connection,
  );
}
