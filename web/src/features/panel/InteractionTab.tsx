import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql, readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import type { en } from "@/i18n/en";
import { useLocale } from "@/i18n/locale";
import { formatDateTime, formatDuration, formatExactTime, useNow } from "@/lib/time";
import { Skeleton } from "@/ui/States";
import { Fact } from "./Fact";
import { Tags } from "./Tags";

const PanelInteraction = graphql(`
  query PanelInteraction($id: ID!) {
    interaction(id: $id) {
      ...InteractionFields
    }
  }
`);

type Channel = keyof (typeof en)["settings"]["channel"];

/** The facts of the interaction: owner, times, account, disposition. */
export function InteractionTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow(30_000);
  const [{ data }] = useQuery({ query: PanelInteraction, variables: { id }, requestPolicy: "cache-first" });
  const i = readFragment(InteractionFields, data?.interaction ?? null);
  if (!i) return <Skeleton rows={4} />;
  const at = (time: string | null) =>
    time ? (
      <time dateTime={time} title={formatExactTime(time, locale)}>
        {formatDateTime(time, locale)}
      </time>
    ) : (
      "–"
    );
  const end = i.closedAt ? Date.parse(i.closedAt) : now;
  return (
    <div className="p-4">
      <Tags interaction={i} />
      <dl className="nums mt-4">
        <Fact label={t("panel.status")}>
          {i.status === "CLOSED" ? t("list.closed") : i.waiting ? t("list.waiting") : t("list.open")}
        </Fact>
        {i.disposition.length > 0 && <Fact label={t("panel.disposition")}>{i.disposition.join(" › ")}</Fact>}
        <Fact label={t("panel.owner")}>{i.owner?.name ?? t("common.nobody")}</Fact>
        <Fact label={t("panel.firstOwner")}>{i.firstOwner?.name ?? "–"}</Fact>
        <Fact label={t("panel.queue")}>{i.queue?.name ?? "–"}</Fact>
        <Fact label={t("panel.account")}>{i.account.name}</Fact>
        <Fact label={t("panel.channel")}>{t(`settings.channel.${i.channel as Channel}`, i.channel)}</Fact>
        <Fact label={t("panel.number")}>{i.number || t("panel.before")}</Fact>
        <Fact label={t("panel.startedAt")}>{at(i.startedAt)}</Fact>
        <Fact label={t("panel.acceptedAt")}>{at(i.acceptedAt)}</Fact>
        {i.acceptedAt && (
          <Fact label={t("panel.waitTime")}>
            {formatDuration(Date.parse(i.acceptedAt) - Date.parse(i.startedAt), locale)}
          </Fact>
        )}
        {i.closedAt && <Fact label={t("panel.closedAt")}>{at(i.closedAt)}</Fact>}
        {i.closedBy && <Fact label={t("panel.closedBy")}>{i.closedBy.name}</Fact>}
        <Fact label={t("panel.duration")}>{formatDuration(end - Date.parse(i.startedAt), locale)}</Fact>
        {i.windowExpiresAt && i.status === "OPEN" && <Fact label={t("panel.window")}>{at(i.windowExpiresAt)}</Fact>}
      </dl>
    </div>
  );
}
