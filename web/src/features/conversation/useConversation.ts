import { useEffect, useMemo, useRef, useState } from "react";
import { useSubscription } from "urql";
import { type Problem, problemOf } from "@/graphql/errors";
import { readFragment } from "@/graphql/generated";
import type {
  ConversationLiveSubscription,
  InteractionFieldsFragment,
  MessageFieldsFragment,
  MessagesQuery,
} from "@/graphql/generated/graphql";
import { livePosition } from "@/graphql/live";
import { ConversationLiveDocument, InteractionFields, MessageFields } from "@/graphql/rows";
import { inOrder } from "./layout";
import type { Account } from "./useFiles";
import { usePages } from "./usePages";

export type LastTransfer = NonNullable<NonNullable<MessagesQuery["interaction"]>["lastTransfer"]>;

export type Watcher = { id: string; name: string; typing: boolean };

export type ConversationData = {
  interaction: InteractionFieldsFragment | null;
  account: Account;
  lastTransfer: LastTransfer | null;
  messages: readonly MessageFieldsFragment[];
  watchers: readonly Watcher[];
  missing: boolean;
  problem: Problem | null;
  hasOlder: boolean;
  older: () => boolean;
  again: () => void;
};

/** One interaction with its messages, kept current while it is on the screen. */
export function useConversation(id: string): ConversationData {
  const { newest, connections, older, again } = usePages(id);

  // What the desk has seen already needs no telling again; without that, the first batch closes the gap by a second look.
  const [after] = useState(livePosition);
  const [state, setState] = useState<{ first: boolean; watchers: readonly Watcher[] }>({ first: true, watchers: [] });
  useSubscription(
    { query: ConversationLiveDocument, variables: { id, after: after ?? null } },
    (_, batch: ConversationLiveSubscription) => {
      const { resync, watchers } = batch.conversation;
      if (resync || (state.first && after === undefined)) again();
      setState((now) => ({
        first: false,
        watchers: watchers
          ? watchers.map((w) => ({ id: w.user.id, name: w.user.name, typing: w.typing }))
          : now.watchers,
      }));
      return batch;
    },
  );

  const messages = useMemo(
    () =>
      inOrder(
        connections.flatMap((c) =>
          readFragment(
            MessageFields,
            c.edges.map((e) => e.node),
          ),
        ),
      ),
    [connections],
  );
  const { data, error } = newest ?? {};
  const interaction = readFragment(InteractionFields, data?.interaction ?? null);
  // Which whispers one may read changes with the owner (A22), so the ones from before have to be fetched.
  const owner = interaction ? (interaction.owner?.id ?? "") : undefined;
  const ownerBefore = useRef(owner);
  useEffect(() => {
    if (ownerBefore.current !== undefined && owner !== undefined && ownerBefore.current !== owner) again();
    ownerBefore.current = owner ?? ownerBefore.current;
  }, [owner, again]);
  return {
    interaction: interaction ?? null,
    account: data?.interaction?.account ?? null,
    lastTransfer: data?.interaction?.lastTransfer ?? null,
    messages,
    watchers: state.watchers,
    missing: data !== undefined && !data.interaction,
    problem: data ? null : problemOf(error),
    hasOlder: connections.at(-1)?.pageInfo.hasPreviousPage ?? false,
    older,
    again,
  };
}
