import { useEffect } from "react";
import { useStandingOffers } from "@/features/offers/useOffers";
import { useSessions } from "./SessionTabs";

/** Puts the number of things that want attention into the tab's title and picture (R2). */
export function useAttentionTitle(): void {
  const offers = useStandingOffers().length;
  const unread = useSessions().reduce((sum, s) => sum + (s.unread > 0 || !s.read ? 1 : 0), 0);
  const count = offers + unread;
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Parley` : "Parley";
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (icon) icon.href = count === 0 ? "/favicon.svg" : `/favicon-${count > 9 ? "many" : count}.svg`;
  }, [count]);
}
