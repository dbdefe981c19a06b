import { useEffect } from "react";
import { usePendingOffers } from "@/features/offers/useOffers";
import { useSessions } from "./SessionTabs";

/** Shows the number of offers and unread sessions in the tab's title and icon. */
export function useAttentionTitle(): void {
  const offers = usePendingOffers().length;
  const unread = useSessions().reduce((sum, s) => sum + (s.unread > 0 || !s.read ? 1 : 0), 0);
  const count = offers + unread;
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Parley` : "Parley";
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (icon) icon.href = count === 0 ? "/favicon.svg" : `/favicon-${count > 9 ? "many" : count}.svg`;
  }, [count]);
}
