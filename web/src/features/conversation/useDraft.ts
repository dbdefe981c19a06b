import { useCallback, useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import { type Problem, problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import type { DraftInput } from "@/graphql/generated/graphql";
import { createKeeper } from "@/lib/keeper";

const SaveDraft = graphql(`
  mutation SaveDraft($input: DraftInput!) {
    saveDraft(input: $input) {
      interaction {
        id
        replyDraft
        drafts {
          ...DraftFields
        }
      }
    }
  }
`);

/** What is being written: a text, and the message that it quotes. */
export type Writing = { text: string; quotedId: string | null };

export const nothing: Writing = { text: "", quotedId: null };

/** What is being written in each conversation on this page. It is newer than what the server has. */
const here = new Map<string, Writing>();

/** Forgets what was written, because someone else may sign in next. The server keeps it for its author. */
export function forgetWriting(): void {
  here.clear();
}

/** Returns a function that saves a draft. It is also used while the page goes away, so the request outlives it. */
export function useSaveDraft(): (input: DraftInput) => Promise<Problem | null> {
  const [, save] = useMutation(SaveDraft);
  return useCallback(
    async (input) => {
      const options: RequestInit = { credentials: "same-origin", keepalive: true };
      const { error } = await save({ input }, { fetchOptions: options });
      return problemOf(error);
    },
    [save],
  );
}

/**
 * What is being written in one part of a conversation. It is kept on the server shortly after the last key, on leaving the
 * conversation and when the page goes away, and from there it comes back, also on another device.
 */
export function useDraft(
  interactionId: string,
  part: "REPLY" | "NOTE" | "WHISPER",
  stored: Writing,
): [Writing, (next: Writing) => void] {
  const place = `${interactionId} ${part}`;
  const [writing, setWriting] = useState(() => here.get(place) ?? stored);
  const save = useSaveDraft();
  const [keeper] = useState(() =>
    createKeeper<Writing>(here.has(place) ? null : stored, same, async (w) => {
      const quote = w.quotedId ? { quotedId: w.quotedId } : {};
      const problem = await save({ interactionId, part, text: w.text, ...quote });
      return problem?.kind !== "offline"; // what is refused now is refused again
    }),
  );
  const latest = useRef(keeper);
  useEffect(() => {
    const now = latest.current;
    const flush = () => void now.flush();
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  return [
    writing,
    (next) => {
      here.set(place, next);
      setWriting(next);
      keeper.change(next);
    },
  ];
}

function same(a: Writing, b: Writing): boolean {
  return a.text === b.text && a.quotedId === b.quotedId;
}
