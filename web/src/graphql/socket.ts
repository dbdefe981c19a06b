import type { GraphQLFormattedError } from "graphql";
import { createClient, type SubscribePayload } from "graphql-ws";
import type { SubscriptionForwarder } from "urql";
import { whoAmI } from "@/lib/session";
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

/** Whether the answer would be the same another time: a rule said no, rather than the server being in trouble. */
function final(errors: readonly GraphQLFormattedError[]): boolean {
  return errors.some((e) => e.extensions?.code !== "INTERNAL" && e.extensions?.retryable !== true);
}

/** How long to wait before the next try: longer each time, and not everybody at once. */
function pause(tries: number): Promise<void> {
  return new Promise((r) => setTimeout(r, Math.min(200 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2)));
}

/**
 * Forwards subscriptions over one WebSocket. Each remembers the position of its last batch in its own
 * variables, so whenever the server ends it or the socket breaks, it goes on from there: nothing is missed and nothing
 * doubled. Only a refusal ends it; whoever is not signed in any more is told so instead.
 */
export function createSocket(
  url: string,
  onSignedOut: () => void,
): { forward: SubscriptionForwarder; close: () => void } {
  const nextTry = async (tries: number) => {
    await pause(tries);
    if ((await whoAmI()) === "out") onSignedOut();
  };
  const socket = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: 15_000,
    retryWait: nextTry,
    on: { connected: () => linkState.connected(), closed: () => linkState.lost() },
  });
  const forward: SubscriptionForwarder = (request) => ({
    subscribe(sink) {
      const variables: Record<string, unknown> = { ...request.variables };
      const payload: SubscribePayload = { query: request.query ?? "", variables };
      let wanted = true;
      let tries = 0;
      let stop = () => {};
      const again = async () => {
        await nextTry(tries++);
        if (wanted) start();
      };
      const start = () => {
        let refused = false;
        stop = socket.subscribe<Record<string, unknown>>(payload, {
          next: (result) => {
            if (result.errors && !final(result.errors)) return; // the server ends it next
            refused = result.errors !== undefined;
            const position = positionOf(result.data);
            if (position !== undefined) {
              variables.after = position;
              tries = 0;
            }
            sink.next(result as Parameters<typeof sink.next>[0]);
          },
          error: (e) => {
            if (Array.isArray(e) && final(e)) sink.error(e);
            else if (wanted) void again();
          },
          complete: () => {
            if (refused) sink.complete();
            else if (wanted) void again();
          },
        });
      };
      start();
      return {
        unsubscribe() {
          wanted = false;
          stop();
        },
      };
    },
  });
  return { forward, close: () => void socket.dispose() };
}

export function socketUrl(at: Pick<Location, "protocol" | "host"> = location): string {
  return `${at.protocol === "https:" ? "wss:" : "ws:"}//${at.host}/graphql`;
}
