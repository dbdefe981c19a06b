import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import { usePresenceChange } from "@/graphql/presence";
import { QueueFields } from "@/graphql/rows";
import { formatList, useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { pauseReason } from "@/lib/pauseReason";
import { formatDuration, useNow } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Empty, ErrorState, Skeleton } from "@/ui/States";

const Realtime = graphql(`
  query Realtime {
    realtime {
      queues {
        ...QueueFields
      }
      agents {
        open
        capacity
        presence {
          state
          reason
          since
        }
        user {
          id
          name
          presence {
            state
            reason
            since
          }
        }
        queues {
          id
          name
        }
      }
    }
  }
`);

const refetchEvery = 10_000; // milliseconds
const tone = { AVAILABLE: "good", PAUSED: "warn", AWAY: "warn", SIGNED_OUT: "plain" } as const;
const order = { AVAILABLE: 0, PAUSED: 1, AWAY: 2, SIGNED_OUT: 3 };
const th = "h-9 px-3 text-start font-medium text-muted text-sm";

/**
 * Queues and agents right now. Counts and states update live; the number of interactions per agent is fetched every ten
 * seconds.
 */
export function RealtimePage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const [{ data, error }, refetch] = useQuery({ query: Realtime });
  usePresenceChange(() => refetch({ requestPolicy: "network-only" }));
  useEffect(() => {
    const timer = window.setInterval(() => refetch({ requestPolicy: "network-only" }), refetchEvery);
    return () => window.clearInterval(timer);
  }, [refetch]);
  const problem = problemOf(error);
  if (!data) {
    return problem ? (
      <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  }
  const queues = readFragment(QueueFields, data.realtime.queues);
  const agents = data.realtime.agents
    .map((a) => ({ ...a, presence: a.user.presence ?? a.presence }))
    .sort((a, b) => order[a.presence.state] - order[b.presence.state] || a.user.name.localeCompare(b.user.name));
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-5xl flex-col gap-8 p-6 md:p-10">
        <h1 className="font-semibold text-xl tracking-tight">{t("realtime.title")}</h1>
        <section aria-labelledby="rt-queues" className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-3">
          <h2 id="rt-queues" className="sr-only">
            {t("realtime.queues")}
          </h2>
          {queues.map((q) => {
            const wait = q.waitingSince ? now - Date.parse(q.waitingSince) : null;
            return (
              <Link
                key={q.id}
                to="/interactions"
                search={{ view: "waiting", queues: q.id }}
                title={t("dashboard.showWaiting", { queue: q.name })}
                className="nums rounded-lg border border-line p-4 hover:bg-hover"
              >
                <p className="truncate font-medium">{q.name}</p>
                <p className="mt-2 flex items-baseline gap-2">
                  <span className={cn("font-semibold text-xl", q.waiting > 0 && "text-warn")}>{q.waiting}</span>
                  <span className="text-muted text-sm">{t("dashboard.waiting")}</span>
                  <span
                    className={cn("ms-auto text-sm", wait !== null && wait > 300_000 ? "text-danger" : "text-muted")}
                  >
                    {wait !== null && `${t("dashboard.longest")} ${formatDuration(wait, locale)}`}
                  </span>
                </p>
                <p className="mt-1 flex justify-between text-muted text-sm">
                  <span>
                    {t("dashboard.inProgress")} {q.inProgress}
                  </span>
                  <span>
                    {t("dashboard.available")} {q.available}
                  </span>
                </p>
              </Link>
            );
          })}
        </section>
        <section aria-labelledby="rt-agents">
          <h2 id="rt-agents" className="mb-1 px-3 font-semibold">
            {t("realtime.agents")}
          </h2>
          {agents.length === 0 ? (
            <Empty title={t("realtime.nobody")} />
          ) : (
            <div className="overflow-x-auto">
              <table className="w-full border-collapse">
                <thead>
                  <tr className="border-line border-b">
                    <th className={th}>{t("realtime.agent")}</th>
                    <th className={th}>{t("realtime.state")}</th>
                    <th className={th}>{t("realtime.duration")}</th>
                    <th className={th}>{t("realtime.load")}</th>
                    <th className={th}>{t("realtime.queuesOf")}</th>
                  </tr>
                </thead>
                <tbody>
                  {agents.map((a) => (
                    <tr
                      key={a.user.id}
                      data-agent={a.user.id}
                      className="nums border-line border-b hover:bg-hover [&>td]:h-12 [&>td]:px-3"
                    >
                      <td>
                        <Link
                          to="/interactions"
                          search={{ view: "open", owners: a.user.id }}
                          aria-label={t("realtime.show", { name: a.user.name })}
                          className="flex items-center gap-2.5 font-medium hover:underline"
                        >
                          <Avatar name={a.user.name} size="sm" />
                          {a.user.name}
                        </Link>
                      </td>
                      <td>
                        <Badge tone={tone[a.presence.state]}>{t(`presence.${a.presence.state}`)}</Badge>
                        {a.presence.reason && (
                          <span className="ms-2 text-muted text-sm">{pauseReason(a.presence.reason, t)}</span>
                        )}
                      </td>
                      <td className="text-muted">{formatDuration(now - Date.parse(a.presence.since), locale)}</td>
                      <td>
                        {a.open}
                        <span className="text-muted"> / {a.capacity}</span>
                      </td>
                      <td className="text-muted text-sm">
                        {formatList(
                          a.queues.map((q) => q.name),
                          locale,
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      </div>
    </div>
  );
}
