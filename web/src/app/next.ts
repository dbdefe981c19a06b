import { useNavigate, useParams } from "@tanstack/react-router";
import { useSessions } from "./SessionTabs";

/** Where to look after a close: the next of my sessions when asked for, else stay with what was closed. */
export function useGoAfterClose(): (closed: string, next: boolean) => void {
  const sessions = useSessions();
  const navigate = useNavigate();
  const { id: active } = useParams({ strict: false });
  return (closed, next) => {
    if (!next && active !== closed) return;
    const at = sessions.findIndex((s) => s.id === closed);
    const rest = sessions.filter((s) => s.id !== closed);
    const unread = rest.find((s) => s.unread > 0);
    const target = unread ?? rest[Math.min(Math.max(at, 0), rest.length - 1)];
    if (next && target) void navigate({ to: "/interactions/$id", params: { id: target.id }, search: (s) => s });
    else if (next) void navigate({ to: "/interactions", search: (s) => s });
  };
}
