import { createClient, type SubscribePayload } from "graphql-ws";
import type { SubscriptionForwarder } from "urql";
import { linkState } from "./link";

/** The position a batch carries, whichever subscription it came from. */
export function positionOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  for (const batch of Object.values(data)) {
    if (typeof batch === "object" && batch !== null && "position" in batch && typeof batch.position === "string") {
      return batch.position;
    }
  }
  return undefined;
}

/**
 * Forwards subscriptions over one WebSocket. Each remembers the position of its last batch in its own
 * variables, so when the socket comes back it goes on from there: nothing is missed and nothing doubled.
 */
export function createSocket(url: string): { forward: SubscriptionForwarder; close: () => void } {
  const socket = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: 15_000,
    retryWait: (tries) =>
      new Promise((r) => setTimeout(r, Math.min(200 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2))),
    on: { connected: () => linkState.connected(), closed: () => linkState.lost() },
  });
  const forward: SubscriptionForwarder = (request) => ({
    subscribe(sink) {
      const variables: Record<string, unknown> = { ...request.variables };
      const payload: SubscribePayload = { query: request.query ?? "", variables };
      const stop = socket.subscribe<Record<string, unknown>>(payload, {
        next: (result) => {
          const position = positionOf(result.data);
          if (position !== undefined) variables.after = position;
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error: (e) => sink.error(e),
        complete: () => sink.complete(),
      });
      return { unsubscribe: stop };
    },
  });
  return { forward, close: () => void socket.dispose() };
}

export function socketUrl(at: Pick<Location, "protocol" | "host"> = location): string {
  return `${at.protocol === "https:" ? "wss:" : "ws:"}//${at.host}/graphql`;
}
