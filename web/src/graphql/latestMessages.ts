import { mapExchange } from "urql";

type Row = { id: string };

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

const maxRows = 200;

/**
 * Keeps message rows that arrived while a command was running. The command's answer uses another connection, so it may
 * arrive later and still be older: without this, a message that failed at once would stay "queued".
 */
export function createLatestMessages(): {
  sent: (command: number) => void;
  received: (rows: readonly unknown[]) => void;
  answered: (command: number, message: unknown) => void;
} {
  let now = 0;
  const commands = new Map<number, number>();
  const rows = new Map<string, { at: number; row: Row }>();
  return {
    sent(command) {
      commands.set(command, ++now);
    },
    received(messages) {
      for (const row of messages.filter(isRow)) {
        rows.delete(row.id); // move to the end, so that the oldest rows are dropped first
        rows.set(row.id, { at: ++now, row });
      }
      for (const id of rows.keys()) {
        if (rows.size <= maxRows) return;
        rows.delete(id);
      }
    },
    answered(command, message) {
      const since = commands.get(command);
      commands.delete(command);
      if (since === undefined || !isRow(message)) return;
      const known = rows.get(message.id);
      if (known && known.at > since) Object.assign(message, known.row);
    },
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Keeps a late answer to a command from overwriting newer rows. Sits between the cache and the server. */
export function latestMessagesExchange() {
  const latest = createLatestMessages();
  return mapExchange({
    onOperation(operation) {
      if (operation.kind === "mutation") latest.sent(operation.key);
    },
    onResult({ operation, data }) {
      if (operation.kind === "subscription") {
        const messages = field(field(data, "conversation"), "messages");
        if (Array.isArray(messages)) latest.received(messages);
      }
      if (operation.kind !== "mutation") return;
      for (const payload of Object.values(data ?? {})) latest.answered(operation.key, field(payload, "message"));
    },
  });
}
