import type { Client } from "urql";
import { pipe, subscribe } from "wonka";
import { connectionState } from "./connection";
import { readFragment } from "./generated";
import type { InteractionFieldsFragment, LiveSubscription } from "./generated/graphql";
import { InteractionFields, LiveDocument } from "./rows";
import { refetchVisible } from "./visibleQueries";

/** The ids and rows of one live batch, for screens that collect changes before they render them. */
export type Arrivals = {
  interactions: readonly InteractionFieldsFragment[];
  removed: readonly string[];
  /** Users whose data or presence changed. */
  users: readonly string[];
};

const listeners = new Set<(a: Arrivals) => void>();
let position: string | undefined;

/** Returns the position up to which the app is current. A new conversation subscription can start there. */
export function livePosition(): string | undefined {
  return position;
}

export function onArrivals(listener: (a: Arrivals) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keeps the cache current while the user is signed in. Returns a function that stops it. */
export function startLive(client: Client): () => void {
  let first = true;
  position = undefined;
  const { unsubscribe } = pipe(
    client.subscription(LiveDocument, {}),
    subscribe((result) => {
      const batch: LiveSubscription["live"] | undefined = result.data?.live;
      if (!batch) return;
      position = batch.position;
      connectionState.behind(batch.behind ?? null);
      // Refetch after a resync, and after the first batch, because the first screens may be older than its position.
      // Changes of accounts and queues may change which actions are allowed, so they refetch as well.
      const actionsChanged = batch.settings.some((kind) => kind === "ACCOUNT" || kind === "QUEUE");
      if (first || batch.resync || actionsChanged) refetchVisible(client);
      first = false;
      const interactions = readFragment(InteractionFields, batch.interactions);
      connectionState.received(interactions.length);
      const users = batch.users.map((u) => u.id);
      if (interactions.length > 0 || batch.removed.length > 0 || users.length > 0) {
        for (const l of listeners) l({ interactions, removed: batch.removed, users });
      }
    }),
  );
  return () => {
    unsubscribe();
    position = undefined;
  };
}
