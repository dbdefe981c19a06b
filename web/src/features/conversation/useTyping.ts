import { useEffect, useRef } from "react";
import { useMutation } from "urql";
import { graphql } from "@/graphql/generated";

const SignalPresence = graphql(`
  mutation SignalPresence($input: SignalPresenceInput!) {
    signalPresence(input: $input)
  }
`);

const beat = 7000;
const stillTyping = 4000;

/** Tells colleagues that I am here, and when I type. Returns what to call on every key. */
export function useTyping(interactionId: string): () => void {
  const [, signal] = useMutation(SignalPresence);
  const last = useRef(0);
  const told = useRef(false);
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState !== "visible") return;
      const typing = Date.now() - last.current < stillTyping;
      told.current = typing;
      void signal({ input: { interactionId, typing } });
    };
    tell();
    const timer = window.setInterval(tell, beat);
    return () => window.clearInterval(timer);
  }, [interactionId, signal]);
  return () => {
    last.current = Date.now();
    if (told.current) return;
    told.current = true;
    void signal({ input: { interactionId, typing: true } });
  };
}
