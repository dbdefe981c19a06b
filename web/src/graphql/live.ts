import type { Client } from "urql";
import { pipe, subscribe } from "wonka";
import { readFragment } from "./generated";
import type { InteractionFieldsFragment, LiveSubscription } from "./generated/graphql";
import { linkState } from "./link";
import { InteractionFields, LiveDocument } from "./rows";
import { refetchVisible } from "./visible";

/** What one batch brought, for screens that gather rather than redraw. */
export type Arrivals = {
  interactions: readonly InteractionFieldsFragment[];
  removed: readonly string[];
  /** The users who changed, their presence too. */
  users: readonly string[];
};

const listeners = new Set<(a: Arrivals) => void>();
let position: string | undefined;

/** Where the desktop stands in the log; a conversation opened now needs nothing from before it. */
export function livePosition(): string | undefined {
  return position;
}

export function onArrivals(listener: (a: Arrivals) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keeps every row of the desktop current for as long as the person is signed in. Returns how to stop. */
export function startLive(client: Client): () => void {
  let first = true;
  position = undefined;
  const { unsubscribe } = pipe(
    client.subscription(LiveDocument, {}),
    subscribe((result) => {
      const batch: LiveSubscription["live"] | undefined = result.data?.live;
      if (!batch) return;
      position = batch.position;
      // The first screens may have been read a moment before this position; a resync may be any distance away.
      // What may be done in a session hangs on its account and its queue, and is in force at once (R122).
      const mayDo = batch.settings.some((kind) => kind === "account" || kind === "queue");
      if (first || batch.resync || mayDo) refetchVisible(client);
      first = false;
      const interactions = readFragment(InteractionFields, batch.interactions);
      linkState.received(interactions.length);
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
