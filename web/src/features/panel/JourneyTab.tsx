import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import { formatList, useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { previewText } from "@/lib/preview";
import { formatExactTime, formatShortDate } from "@/lib/time";
import { Badge } from "@/ui/Badge";
import { Empty, ErrorState, Skeleton } from "@/ui/States";

const Journey = graphql(`
  query PanelJourney($id: ID!) {
    interaction(id: $id) {
      id
      journey(first: 50) {
        edges {
          cursor
          node {
            ...InteractionFields
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

/** All interactions with this customer, newest first. */
export function JourneyTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }, refetch] = useQuery({ query: Journey, variables: { id } });
  const problem = problemOf(error);
  if (!data)
    return problem ? (
      <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  const rows = readFragment(InteractionFields, data.interaction?.journey.edges.map((e) => e.node) ?? []);
  if (rows.length <= 1) return <Empty title={t("panel.noJourney")} />;
  return (
    <ol className="p-4">
      {rows.map((r) => (
        <li key={r.id} className="relative border-line border-s-2 pb-4 ps-4 last:pb-0">
          <span
            className={cn(
              "absolute -start-[5px] top-1.5 size-2 rounded-full",
              r.status === "OPEN" ? "bg-good" : "bg-line-strong",
            )}
          />
          <Link
            to="/interactions/$id"
            params={{ id: r.id }}
            search={(s) => s}
            className="block rounded-md px-2 py-1 hover:bg-hover aria-[current=page]:bg-selected"
          >
            <p className="flex items-center gap-2">
              <time dateTime={r.startedAt} title={formatExactTime(r.startedAt, locale)} className="nums font-medium">
                {formatShortDate(r.startedAt, locale)}
              </time>
              <span className="min-w-0 flex-1 truncate text-muted text-sm">
                {[r.queue?.name, r.owner?.name].filter(Boolean).join(" · ")}
              </span>
              <Badge tone={r.status === "OPEN" ? "good" : "plain"}>
                {r.id === id
                  ? t("panel.current")
                  : r.status === "OPEN"
                    ? t("list.open")
                    : (r.disposition.at(-1) ?? t("list.closed"))}
              </Badge>
            </p>
            <p className="truncate text-muted text-sm">{previewText(r.preview, t, r.lastMessageDirection)}</p>
            {r.tags.length > 0 && <p className="truncate text-muted text-xs">{formatList(r.tags, locale)}</p>}
          </Link>
        </li>
      ))}
    </ol>
  );
}
