import { useTranslation } from "react-i18next";
import { type Connection, useConnection } from "@/graphql/connection";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatAge, formatDuration, formatTime, useNow } from "@/lib/time";
import { Tooltip } from "@/ui/Tooltip";

type Shown = Connection["status"] | "behind";

const dot: Record<Shown, string> = {
  connecting: "bg-warn animate-pulse-soft",
  live: "bg-good",
  behind: "bg-warn",
  reconnecting: "bg-danger animate-pulse-soft",
};

/** Returns what to say about the connection: a live one may show old data. */
function shownStatus(c: Connection): Shown {
  return c.status === "live" && c.behind ? "behind" : c.status;
}

/** Says how old the data on the screen is. */
function useAge(c: Connection): string {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const since = c.behind?.since;
  return since ? t("connection.behind", { time: formatAge(now - since, locale) }) : t("connection.behindUnknown");
}

const bannerDelay = 4000; // milliseconds; shorter interruptions are not worth a message

/** Says that the connection is lost, once it has been lost for a few seconds, or that the data is old. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const locale = useLocale();
  const connection = useConnection();
  const now = useNow();
  const age = useAge(connection);
  if (shownStatus(connection) === "behind") {
    return (
      <p role="status" className="bg-warn-soft px-4 py-1.5 text-warn">
        {age}
      </p>
    );
  }
  if (connection.status !== "reconnecting" || !connection.lostAt || now - connection.since < bannerDelay) return null;
  return (
    <p role="status" className="bg-danger-soft px-4 py-1.5 text-danger">
      {t("connection.reconnecting")}. {t("connection.lost", { time: formatTime(connection.lostAt, locale) })}
    </p>
  );
}

/** Shows whether the data on the screen is up to date. */
export function ConnectionIndicator() {
  const { t } = useTranslation();
  const locale = useLocale();
  const connection = useConnection();
  const now = useNow();
  const justBack = connection.status === "live" && connection.lostAt !== null && now - connection.since < 60_000;
  const status = shownStatus(connection);
  const age = useAge(connection);
  const caughtUp = t("connection.caughtUp", { time: formatDuration(Math.max(0, now - connection.since), locale) });
  const word = status === "behind" ? age : justBack ? caughtUp : t(`connection.${status}`);
  const more =
    connection.status === "reconnecting" && connection.lostAt
      ? t("connection.lost", { time: formatTime(connection.lostAt, locale) })
      : justBack && connection.missed > 0
        ? t("connection.missed", { count: connection.missed })
        : null;
  return (
    <Tooltip
      side="right"
      label={
        <span>
          {word}
          {more && <span className="block opacity-80">{more}</span>}
        </span>
      }
    >
      <button
        type="button"
        aria-label={more ? `${word}. ${more}` : word}
        data-link={status}
        className="grid size-8 place-items-center rounded-md"
      >
        <span className={cn("size-2 rounded-full", dot[status])} />
      </button>
    </Tooltip>
  );
}
