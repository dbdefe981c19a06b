import { useEffect, useRef } from "react";
import { useMutation } from "urql";
import { graphql } from "@/graphql/generated";

const SignalPresence = graphql(`
  mutation SignalPresence($input: SignalPresenceInput!) {
    signalPresence(input: $input)
  }
`);

const signalEvery = 7000; // milliseconds
const stillTyping = 4000; // milliseconds after the last key

/**
 * Tells colleagues that the user is viewing this interaction, and when they type. Call the returned function on every
 * key.
 */
export function useTyping(interactionId: string): () => void {
  const [, signal] = useMutation(SignalPresence);
  const lastKey = useRef(0);
  const toldTyping = useRef(false);
  useEffect(() => {
    const sendSignal = () => {
      if (document.visibilityState !== "visible") return;
      const typing = Date.now() - lastKey.current < stillTyping;
      toldTyping.current = typing;
      void signal({ input: { interactionId, typing } });
    };
    sendSignal();
    const timer = window.setInterval(sendSignal, signalEvery);
    return () => window.clearInterval(timer);
  }, [interactionId, signal]);
  return () => {
    lastKey.current = Date.now();
    if (toldTyping.current) return;
    toldTyping.current = true;
    void signal({ input: { interactionId, typing: true } });
  };
}
