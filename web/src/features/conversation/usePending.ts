import { useSyncExternalStore } from "react";
import { useCommand } from "@/graphql/command";
import type { Problem } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { newCommandId } from "@/lib/commandId";
import { upload } from "@/lib/upload";
import { outbox, type Pending, type Send } from "./outbox";

const SendMessage = graphql(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        ...MessageFields
        id
        interactionId
      }
    }
  }
`);

export type Draft = {
  text: string;
  quoted: { id: string; text: string } | null;
  file: File | null;
  seenThrough: string | null;
};

export type PendingMessages = {
  items: readonly Pending[];
  send: (draft: Draft) => void;
  retry: (id: string, seenThrough: string | null) => void;
  discard: (id: string) => void;
};

const uploaded = new WeakMap<File, string>();

/** Returns the messages of this interaction that the server has not accepted yet. */
export function usePending(interactionId: string): PendingMessages {
  const all = useSyncExternalStore(outbox.subscribe, outbox.all);
  const sendMessage = useCommand(SendMessage, true);
  const send: Send = async (p, progress, signal): Promise<Problem | null> => {
    let attachmentId = p.file ? uploaded.get(p.file) : undefined;
    if (p.file && !attachmentId) {
      const answer = await upload(p.file, { interactionId: p.interactionId }, progress, signal);
      if (answer.problem || signal.aborted) return answer.problem;
      attachmentId = answer.id;
      uploaded.set(p.file, answer.id);
    }
    const { problem } = await sendMessage(
      {
        interactionId: p.interactionId,
        text: p.text,
        ...(p.quoted ? { quotedId: p.quoted.id } : {}),
        ...(p.seenThrough ? { seenThrough: p.seenThrough } : {}),
        ...(attachmentId ? { attachmentId } : {}),
      },
      p.commandId,
    );
    return problem;
  };
  return {
    items: all.filter((p) => p.interactionId === interactionId),
    send: (draft) => outbox.add({ ...draft, interactionId, commandId: newCommandId() }, send),
    // A refused command changed nothing, so a retry may reuse its id.
    retry: (id, seenThrough) => outbox.retry(id, seenThrough, send),
    discard: outbox.discard,
  };
}
