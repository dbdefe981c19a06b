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
const Monitor = graphql(`
  mutation Monitor($input: InteractionInput!) {
    monitor(input: $input) {
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

/** Marks messages as read while the owner looks at them. For a supervisor it only records that they monitor. */
export function useAttention(
  interaction: InteractionFieldsFragment | null,
  messages: readonly MessageFieldsFragment[],
  atEnd: boolean,
): void {
  const me = useMe();
  const markSeen = useCommand(MarkSeen, true);
  const monitor = useCommand(Monitor, true);
  const looking = useLooking();
  const marked = useRef<string | null>(null);
  const monitored = useRef(false);
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
  // Messages that become unread again must be marked again.
  useEffect(() => {
    if (!unread) marked.current = null;
  }, [unread]);

  const monitoring = Boolean(id) && open && !mine && interaction?.owner != null && may(me, "SUPERVISE");
  useEffect(() => {
    if (!id || !monitoring || monitored.current) return;
    monitored.current = true;
    void monitor({ interactionId: id });
  }, [id, monitoring, monitor]);
}
