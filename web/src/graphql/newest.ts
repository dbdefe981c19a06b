import { mapExchange } from "urql";

type Row = { id: string };

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

const remembered = 200;

/**
 * What was told of messages while commands were under way. An answer travels on another connection than what is told, so it may
 * come later and still be older: a message that failed at once would stand there as queued for ever.
 */
export function createNewest(): {
  asked: (command: number) => void;
  told: (rows: readonly unknown[]) => void;
  answered: (command: number, message: unknown) => void;
} {
  let now = 0;
  const commands = new Map<number, number>();
  const rows = new Map<string, { at: number; row: Row }>();
  return {
    asked(command) {
      commands.set(command, ++now);
    },
    told(messages) {
      for (const row of messages.filter(isRow)) {
        rows.delete(row.id); // so that the latest stand last
        rows.set(row.id, { at: ++now, row });
      }
      for (const id of rows.keys()) {
        if (rows.size <= remembered) return;
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

/** Keeps the answer to a command from undoing what was told meanwhile. It stands between the cache and the server. */
export function newestExchange() {
  const newest = createNewest();
  return mapExchange({
    onOperation(operation) {
      if (operation.kind === "mutation") newest.asked(operation.key);
    },
    onResult({ operation, data }) {
      if (operation.kind === "subscription") {
        const messages = field(field(data, "conversation"), "messages");
        if (Array.isArray(messages)) newest.told(messages);
      }
      if (operation.kind !== "mutation") return;
      for (const payload of Object.values(data ?? {})) newest.answered(operation.key, field(payload, "message"));
    },
  });
}
