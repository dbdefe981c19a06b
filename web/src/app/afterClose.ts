import { useNavigate } from "@tanstack/react-router";
import { useSessions } from "./SessionTabs";

/** Returns a function for after a close. With `next` it opens the agent's next session, or the list if there is none. */
export function useGoAfterClose(): (closed: string, next: boolean) => void {
  const sessions = useSessions();
  const navigate = useNavigate();
  return (closed, next) => {
    if (!next) return; // the closed interaction stays on the screen
    const at = sessions.findIndex((s) => s.id === closed);
    const rest = sessions.filter((s) => s.id !== closed);
    const unread = rest.find((s) => s.unread > 0);
    const target = unread ?? rest[Math.min(Math.max(at, 0), rest.length - 1)];
    if (target) void navigate({ to: "/interactions/$id", params: { id: target.id }, search: (s) => s });
    else void navigate({ to: "/interactions", search: (s) => s });
  };
}
