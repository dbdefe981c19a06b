import { useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "@/graphql/generated";

const SaveDraft = graphql(`
  mutation SaveDraft($input: DraftInput!) {
    saveDraft(input: $input) {
      interaction {
        id
        draft
      }
    }
  }
`);

const rest = 900;

/** The text being written, kept on the server a moment after the last key and when the conversation is left. */
export function useDraft(interactionId: string, kept: string | null, keep: boolean): [string, (text: string) => void] {
  const [text, setText] = useState(kept ?? "");
  const [, save] = useMutation(SaveDraft);
  const saved = useRef(kept ?? "");
  const latest = useRef({ text, keep });
  latest.current = { text, keep };
  useEffect(() => {
    if (!keep || text === saved.current) return;
    const timer = window.setTimeout(() => {
      saved.current = text;
      void save({ input: { interactionId, text } });
    }, rest);
    return () => window.clearTimeout(timer);
  }, [text, keep, interactionId, save]);
  useEffect(
    () => () => {
      const now = latest.current;
      if (now.keep && now.text !== saved.current) void save({ input: { interactionId, text: now.text } });
      saved.current = now.text;
    },
    [interactionId, save],
  );
  return [text, setText];
}
