import { Link } from "@tanstack/react-router";
import { Coffee } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import type { QueueFieldsFragment } from "@/graphql/generated/graphql";
import { usePresenceChange } from "@/graphql/presence";
import { QueueFields } from "@/graphql/rows";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatDuration, useNow } from "@/lib/time";
import { Empty, ErrorState, Skeleton } from "@/ui/States";

const Dashboard = graphql(`
  query Dashboard {
    dashboard {
      queues {
        ...QueueFields
      }
    }
  }
`);

/** The user's queues and what waits in each. */
export function QueueTable() {
  const { t } = useTranslation();
  const [{ data, error, fetching }, refetch] = useQuery({ query: Dashboard });
  usePresenceChange(() => refetch({ requestPolicy: "network-only" }));
  const problem = problemOf(error);
  if (!data) {
    if (problem) return <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />;
    return fetching ? <Skeleton rows={3} /> : null;
  }
  const queues = readFragment(QueueFields, data.dashboard.queues);
  if (queues.length === 0) {
    return (
      <Empty icon={<Coffee size={28} strokeWidth={1.5} />} title={t("dashboard.noQueues")}>
        {t("dashboard.noQueuesHint")}
      </Empty>
    );
  }
  return (
    <table className="w-full border-collapse text-start">
      <thead>
        <tr className="border-line border-b text-muted text-sm [&>th]:h-9 [&>th]:px-2 [&>th]:font-medium sm:[&>th]:px-3">
          <th className="text-start">{t("dashboard.queue")}</th>
          <th className="text-end sm:w-24">{t("dashboard.waiting")}</th>
          <th className="text-end sm:w-32">{t("dashboard.longest")}</th>
          <th className="text-end sm:w-24">{t("dashboard.inProgress")}</th>
          <th className="text-end sm:w-36">{t("dashboard.available")}</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((q) => (
          <QueueRow key={q.id} queue={q} />
        ))}
      </tbody>
    </table>
  );
}

function QueueRow({ queue }: { queue: QueueFieldsFragment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const waited = queue.waitingSince ? now - Date.parse(queue.waitingSince) : null;
  return (
    <tr
      data-queue={queue.id}
      className="nums border-line border-b hover:bg-hover [&>td]:h-12 [&>td]:px-2 sm:[&>td]:px-3"
    >
      <td className="font-medium">
        <Link
          to="/interactions"
          search={{ view: "waiting", queues: queue.id }}
          aria-label={t("dashboard.showWaiting", { queue: queue.name })}
          className="hover:underline"
        >
          {queue.name}
        </Link>
      </td>
      <td className="text-end">
        <span
          data-waiting={queue.waiting}
          className={cn(
            "inline-block min-w-7 rounded-md px-1.5 text-center font-semibold",
            queue.waiting > 0 && "bg-warn-soft text-warn",
          )}
        >
          {queue.waiting}
        </span>
      </td>
      <td className={cn("text-end", waited === null ? "text-muted" : waited > 300_000 ? "text-danger" : "")}>
        {waited === null ? "–" : formatDuration(waited, locale)}
      </td>
      <td className="text-end">{queue.inProgress}</td>
      <td className="text-end">{queue.available}</td>
    </tr>
  );
}
