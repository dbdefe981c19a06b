import { useEffect, useRef, useState } from "react";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { may, useMe } from "@/graphql/me";

const MarkSeen = graphql(`
  mutation MarkSeen($input: MarkSeenInput!) {
    markSeen(input: $input) {
      interaction {
        id
        unread
        read
        unmanaged
      }
    }
  }
`);
const Spy = graphql(`
  mutation Spy($input: InteractionInput!) {
    spy(input: $input) {
      interaction {
        id
      }
    }
  }
`);

function isLooking(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function useLooking(): boolean {
  const [looking, setLooking] = useState(isLooking);
  useEffect(() => {
    const look = () => setLooking(isLooking());
    for (const e of ["focus", "blur"]) window.addEventListener(e, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const e of ["focus", "blur"]) window.removeEventListener(e, look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return looking;
}

/** The owner's look marks what he sees as read (R64); a supervisor's is recorded and marks nothing (R60). */
export function useAttention(
  interaction: InteractionFieldsFragment | null,
  messages: readonly MessageFieldsFragment[],
  atEnd: boolean,
): void {
  const me = useMe();
  const markSeen = useCommand(MarkSeen, true);
  const spy = useCommand(Spy, true);
  const looking = useLooking();
  const marked = useRef<string | null>(null);
  const spied = useRef(false);
  const mine = interaction?.owner?.id === me?.user.id;
  const id = interaction?.id;
  const unread = interaction ? interaction.unread > 0 || !interaction.read : false;
  const last = messages.findLast((m) => m.author === "CUSTOMER")?.id;
  const open = interaction?.status === "OPEN";

  useEffect(() => {
    if (!id || !last || !mine || !open || !unread || !looking || !atEnd) return;
    const key = `${last} ${unread}`;
    if (marked.current === key) return;
    marked.current = key;
    void markSeen({ interactionId: id, messageId: last }).then(({ problem }) => {
      if (problem) marked.current = null;
    });
  }, [id, last, mine, open, unread, looking, atEnd, markSeen]);
  // What became unread anew after it was marked is to be marked anew.
  useEffect(() => {
    if (!unread) marked.current = null;
  }, [unread]);

  const spies = Boolean(id) && open && !mine && interaction?.owner != null && may(me, "SUPERVISE");
  useEffect(() => {
    if (!id || !spies || spied.current) return;
    spied.current = true;
    void spy({ interactionId: id });
  }, [id, spies, spy]);
}
