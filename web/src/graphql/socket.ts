import type { GraphQLFormattedError } from "graphql";
import { createClient, type SubscribePayload } from "graphql-ws";
import type { SubscriptionForwarder } from "urql";
import { whoAmI } from "@/lib/session";
import { connectionState } from "./connection";

/** Returns the position of a batch of any subscription. */
export function positionOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  for (const batch of Object.values(data)) {
    if (typeof batch === "object" && batch !== null && "position" in batch && typeof batch.position === "string") {
      return batch.position;
    }
  }
  return undefined;
}

/** Reports whether a retry is pointless: the server refused the request rather than failing. */
function isFinal(errors: readonly GraphQLFormattedError[]): boolean {
  return errors.some((e) => e.extensions?.code !== "INTERNAL" && e.extensions?.retryable !== true);
}

/** Waits before the next try, with exponential backoff and jitter. */
function backoff(tries: number): Promise<void> {
  return new Promise((r) => setTimeout(r, Math.min(200 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2)));
}

/** How long after an answer the server is asked for the next sign of life, in milliseconds. */
const pingEvery = 8000;
/** How long the server may take to answer, or to accept a connection. */
const answerWithin = 8000;
/** A line that drops everything is noticed within this time. The server notices as fast. */
export const noticedWithin = pingEvery + answerWithin;

/**
 * Forwards subscriptions over one WebSocket. Each remembers the position of its last batch in its variables, so after a
 * disconnect it resumes there without gaps or duplicates. A refusal ends it. A user who is no longer signed in triggers
 * `onSignedOut`.
 */
export function createSocket(
  url: string,
  onSignedOut: () => void,
): { forward: SubscriptionForwarder; close: () => void } {
  const nextTry = async (tries: number) => {
    await backoff(tries);
    if ((await whoAmI()) === "out") onSignedOut();
  };
  let overdue: ReturnType<typeof setTimeout> | undefined;
  const answered = () => clearTimeout(overdue);
  const awaitAnswer = () => {
    answered();
    overdue = setTimeout(() => socket.terminate(), answerWithin); // a normal close would wait for the dead line
  };
  const socket = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: pingEvery,
    retryWait: nextTry,
    on: {
      connecting: awaitAnswer,
      connected() {
        answered();
        connectionState.connected();
      },
      ping: (received) => {
        if (!received) awaitAnswer();
      },
      pong: (received) => {
        if (received) answered();
      },
      closed() {
        answered();
        connectionState.lost();
      },
    },
  });
  const forward: SubscriptionForwarder = (request) => ({
    subscribe(sink) {
      const variables: Record<string, unknown> = { ...request.variables };
      const payload: SubscribePayload = { query: request.query ?? "", variables };
      let subscribed = true;
      let tries = 0;
      let stop = () => {};
      const restart = async () => {
        await nextTry(tries++);
        if (subscribed) start();
      };
      const start = () => {
        let refused = false;
        stop = socket.subscribe<Record<string, unknown>>(payload, {
          next: (result) => {
            if (result.errors && !isFinal(result.errors)) return; // the server ends the subscription next, and we retry
            refused = result.errors !== undefined;
            const position = positionOf(result.data);
            if (position !== undefined) {
              variables.after = position;
              tries = 0;
            }
            sink.next(result as Parameters<typeof sink.next>[0]);
          },
          error: (e) => {
            if (Array.isArray(e) && isFinal(e)) sink.error(e);
            else if (subscribed) void restart();
          },
          complete: () => {
            if (refused) sink.complete();
            else if (subscribed) void restart();
          },
        });
      };
      start();
      return {
        unsubscribe() {
          subscribed = false;
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
