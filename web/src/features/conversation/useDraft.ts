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

const saveDelay = 900;

/** The text being written. Saved to the server shortly after the last key, and on leaving the conversation. */
export function useDraft(
  interactionId: string,
  stored: string | null,
  enabled: boolean,
): [string, (text: string) => void] {
  const [text, setText] = useState(stored ?? "");
  const [, save] = useMutation(SaveDraft);
  const saved = useRef(stored ?? "");
  const latest = useRef({ text, enabled });
  latest.current = { text, enabled };
  useEffect(() => {
    if (!enabled || text === saved.current) return;
    const timer = window.setTimeout(() => {
      saved.current = text;
      void save({ input: { interactionId, text } });
    }, saveDelay);
    return () => window.clearTimeout(timer);
  }, [text, enabled, interactionId, save]);
  useEffect(
    () => () => {
      const now = latest.current;
      if (now.enabled && now.text !== saved.current) void save({ input: { interactionId, text: now.text } });
      saved.current = now.text;
    },
    [interactionId, save],
  );
  return [text, setText];
}
