import { type Client, type Exchange, makeOperation, type Operation } from "urql";
import { pipe, tap } from "wonka";

const visible = new Map<number, Operation>();

/** Tracks the queries on the screen. */
export const visibleExchange: Exchange =
  ({ forward }) =>
  (operations) =>
    forward(
      pipe(
        operations,
        tap((op) => {
          if (op.kind === "query") visible.set(op.key, op);
          if (op.kind === "teardown") visible.delete(op.key);
        }),
      ),
    );

/** Refetches the queries on the screen. Current data stays visible until the answers arrive. */
export function refetchVisible(client: Client): void {
  for (const op of [...visible.values()]) {
    client.reexecuteOperation(makeOperation("query", op, { ...op.context, requestPolicy: "network-only" }));
  }
}
