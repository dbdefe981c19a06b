import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useArrivals } from "@/graphql/arrivals";
import { graphql } from "@/graphql/generated";
import { useMe } from "@/graphql/me";
import { unsettled, useSettle } from "@/graphql/settling";
import { SettleBar } from "@/ui/SettleBar";

const UnknownMessagesQuery = graphql(`
  query UnknownMessages {
    unknownMessages {
      id
      interactionId
      status
      retriedBy
    }
  }
`);

/** Settles the user's messages of unknown delivery in all sessions at once, as after an outage of a provider. */
export function UnknownMessages() {
  const { t } = useTranslation();
  const [{ data }, again] = useQuery({ query: UnknownMessagesQuery });
  const me = useMe()?.user.id;
  const settle = useSettle();
  const ids = unsettled(data?.unknownMessages ?? []);
  useArrivals(
    ({ interactions }) =>
      interactions.some((i) => i.owner?.id === me && (ids.length > 0 || i.lastMessageStatus === "UNKNOWN")),
    () => again({ requestPolicy: "network-only" }),
  );
  if (ids.length === 0) return null;
  const sessions = new Set(data?.unknownMessages.filter((m) => ids.includes(m.id)).map((m) => m.interactionId));
  const words = `${t("tick.unknownMessages", { count: ids.length })} (${t("tick.inSessions", { count: sessions.size })})`;
  return <SettleBar words={words} canRetry onSettle={(as) => settle(ids, as)} className="rounded-lg" />;
}
