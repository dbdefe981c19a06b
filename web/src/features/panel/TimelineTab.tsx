import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { onArrivals } from "@/graphql/live";
import { useLocale } from "@/i18n/locale";
import { formatDay, formatDuration, formatExactTime, formatTime, startOfDay } from "@/lib/time";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { condense, stepReason, stepText, withNames } from "./timeline";

const Timeline = graphql(`
  query InteractionTimeline($id: ID!) {
    interaction(id: $id) {
      id
      contact {
        id
        displayName
      }
      disposition
      timeline {
        id
        at
        code
        reason
        seconds
        by {
          id
          name
        }
        agents {
          id
          name
        }
        queue {
          id
          name
        }
      }
    }
  }
`);

/** The timeline of an interaction: offers, refusals, transfers and so on. */
export function TimelineTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }, refetch] = useQuery({ query: Timeline, variables: { id } });
  useEffect(
    () =>
      onArrivals(({ interactions }) => {
        if (interactions.some((i) => i.id === id)) refetch({ requestPolicy: "network-only" });
      }),
    [id, refetch],
  );
  const problem = problemOf(error);
  if (!data)
    return problem ? (
      <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  const steps = data.interaction ? withNames(condense(data.interaction.timeline), data.interaction) : [];
  if (steps.length === 0) return <Empty title={t("list.empty")} />;
  return (
    <ol className="p-4">
      {steps.map((s, n) => {
        const before = steps[n - 1];
        const newDay = !before || startOfDay(before.at) !== startOfDay(s.at);
        return (
          <li key={s.id}>
            {newDay && <p className="pt-2 pb-1 font-medium text-muted text-xs">{formatDay(s.at, locale)}</p>}
            <div className="flex gap-3 py-1">
              <time
                dateTime={s.at}
                title={formatExactTime(s.at, locale)}
                className="nums w-16 shrink-0 whitespace-nowrap text-muted text-sm"
              >
                {formatTime(s.at, locale)}
              </time>
              <p className="min-w-0 flex-1">
                {stepText(s, t)}
                {s.seconds !== null && (
                  <span className="nums text-muted">
                    {" "}
                    {t("timeline.after", { time: formatDuration(s.seconds * 1000, locale) })}
                  </span>
                )}
                {stepReason(s, t) && <span className="block text-muted text-sm">{stepReason(s, t)}</span>}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
