import { useEffect, useMemo, useRef, useState } from "react";
import { useSubscription } from "urql";
import { type Problem, problemOf } from "@/graphql/errors";
import { readFragment } from "@/graphql/generated";
import type {
  ConversationLiveSubscription,
  DraftFieldsFragment,
  InteractionFieldsFragment,
  MessageFieldsFragment,
  MessagesQuery,
} from "@/graphql/generated/graphql";
import { livePosition } from "@/graphql/live";
import { ConversationLiveDocument, DraftFields, InteractionFields, MessageFields } from "@/graphql/rows";
import { inLogOrder } from "./layout";
import type { Account } from "./useFiles";
import { usePages } from "./usePages";

export type PastTransfer = NonNullable<MessagesQuery["interaction"]>["transfers"][number];

export type Watcher = { id: string; name: string; typing: boolean };

export type ConversationData = {
  interaction: InteractionFieldsFragment | null;
  account: Account;
  transfers: readonly PastTransfer[];
  drafts: readonly DraftFieldsFragment[];
  messages: readonly MessageFieldsFragment[];
  watchers: readonly Watcher[];
  missing: boolean;
  problem: Problem | null;
  hasOlder: boolean;
  older: () => boolean;
  refetch: () => void;
};

const none: readonly PastTransfer[] = [];

/** Loads one interaction with its messages, and keeps it current while mounted. */
export function useConversation(id: string): ConversationData {
  const { newest, connections, older, refetch } = usePages(id);

  // Subscribe from the app's live position, so that only newer changes arrive. Without one, the first batch triggers a
  // refetch to close the gap.
  const [after] = useState(livePosition);
  const [state, setState] = useState<{ first: boolean; watchers: readonly Watcher[] }>({ first: true, watchers: [] });
  useSubscription(
    { query: ConversationLiveDocument, variables: { id, after: after ?? null } },
    (_, batch: ConversationLiveSubscription) => {
      const { resync, watchers } = batch.conversation;
      if (resync || (state.first && after === undefined)) refetch();
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
      inLogOrder(
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
  // Which whispers the user may read depends on the owner, so fetch again when the owner changes.
  const owner = interaction ? (interaction.owner?.id ?? "") : undefined;
  const ownerBefore = useRef(owner);
  useEffect(() => {
    if (ownerBefore.current !== undefined && owner !== undefined && ownerBefore.current !== owner) refetch();
    ownerBefore.current = owner ?? ownerBefore.current;
  }, [owner, refetch]);
  return {
    interaction: interaction ?? null,
    account: data?.interaction?.account ?? null,
    transfers: data?.interaction?.transfers ?? none,
    drafts: readFragment(DraftFields, data?.interaction?.drafts ?? []),
    messages,
    watchers: state.watchers,
    missing: data !== undefined && !data.interaction,
    problem: data ? null : problemOf(error),
    hasOlder: connections.at(-1)?.pageInfo.hasPreviousPage ?? false,
    older,
    refetch,
  };
}
