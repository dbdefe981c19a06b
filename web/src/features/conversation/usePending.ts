import { useEffect, useRef, useSyncExternalStore } from "react";
import { useCommand } from "@/graphql/command";
import type { Problem } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import type { DraftFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { MessageFields } from "@/graphql/rows";
import { newCommandId } from "@/lib/commandId";
import { upload } from "@/lib/upload";
import { outbox, type Pending, type Send } from "./outbox";
import { useSaveDraft } from "./useDraft";

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

/** How long a message may be on its way, in milliseconds, before the server keeps it as a draft. Most are never kept. */
const keepAfter = 1500;

/**
 * Keeps the messages that the server has not accepted as drafts, so that they survive this page, and brings back those
 * that an earlier page left. The server drops a draft when it accepts its message.
 */
function useKept(
  interactionId: string,
  items: readonly Pending[],
  drafts: readonly DraftFieldsFragment[],
  messages: readonly MessageFieldsFragment[],
): (id: string) => void {
  const save = useSaveDraft();
  const keeping = useRef(new Set<string>());
  useEffect(() => {
    for (const d of drafts) {
      if (d.part !== "MESSAGE" || !d.sendId || messages.some((m) => m.id === `msg_${d.sendId}`)) continue;
      const quoted = readFragment(MessageFields, d.quoted);
      outbox.restore({
        commandId: d.sendId,
        interactionId,
        text: d.text,
        quoted: quoted && { id: quoted.id, text: quoted.text },
      });
    }
  }, [drafts, messages, interactionId]);
  const draftOf = (p: Pending, text: string) => ({
    interactionId,
    part: "MESSAGE" as const,
    sendId: p.commandId,
    text,
    ...(text && p.quoted ? { quotedId: p.quoted.id } : {}),
  });
  useEffect(() => {
    const unsaved = items.filter((p) => !p.kept && !p.file && !keeping.current.has(p.id));
    const [first] = unsaved;
    if (!first) return;
    const keep = async (p: Pending) => {
      keeping.current.add(p.id);
      const problem = await save(draftOf(p, p.text));
      keeping.current.delete(p.id);
      if (problem) return;
      if (outbox.all().some((x) => x.id === p.id)) outbox.kept(p.id);
      else await save(draftOf(p, "")); // accepted meanwhile
    };
    const timer = window.setTimeout(
      () => {
        for (const p of unsaved) void keep(p);
      },
      Math.max(0, first.at + keepAfter - Date.now()),
    );
    return () => window.clearTimeout(timer);
  });
  return (id) => {
    const p = items.find((x) => x.id === id);
    outbox.discard(id);
    if (p?.kept) void save(draftOf(p, ""));
  };
}

const uploaded = new WeakMap<File, string>();

/** Returns the messages of this interaction that the server has not accepted yet. */
export function usePending(
  interactionId: string,
  drafts: readonly DraftFieldsFragment[],
  messages: readonly MessageFieldsFragment[],
): PendingMessages {
  const items = useSyncExternalStore(outbox.subscribe, outbox.all).filter((p) => p.interactionId === interactionId);
  const discard = useKept(interactionId, items, drafts, messages);
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
    items,
    send: (draft) => outbox.add({ ...draft, interactionId, commandId: newCommandId() }, send),
    // A refused command changed nothing, so a retry may reuse its id.
    retry: (id, seenThrough) => outbox.retry(id, seenThrough, send),
    discard,
  };
}
