import { useCallback } from "react";
import { useCommand } from "./command";
import { graphql } from "./generated";
import type { Settlement } from "./generated/graphql";

const SettleMessages = graphql(`
  mutation SettleMessages($input: SettleMessagesInput!) {
    settleMessages(input: $input) {
      messages {
        ...MessageFields
        id
        status
        retriedBy
      }
    }
  }
`);

/** The most messages that one command settles. */
export const mostSettled = 100;

/** Returns a function that settles messages of unknown delivery, several at once. */
export function useSettle(): (messageIds: readonly string[], as: Settlement) => void {
  const settle = useCommand(SettleMessages);
  return useCallback((messageIds, as) => void settle({ messageIds: [...messageIds], as }), [settle]);
}

type Sent = { id: string; status?: string | null; retriedBy?: string | null };

/** Returns the ids of messages whose delivery is unknown and that are not being resent. */
export function unsettled(messages: readonly Sent[]): string[] {
  return messages.filter((m) => m.status === "UNKNOWN" && !m.retriedBy).map((m) => m.id);
}
