import { useTranslation } from "react-i18next";
import { useLink } from "@/graphql/link";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { clock, lasted, useNow } from "@/lib/time";
import { Tooltip } from "@/ui/Tooltip";

const dot = { connecting: "bg-warn animate-pulse-soft", live: "bg-good", reconnecting: "bg-danger animate-pulse-soft" };

const patience = 4000; // milliseconds; a short gap is no news

/** Says in words that the connection is gone, once it has been for some seconds. */
export function LinkLine() {
  const { t } = useTranslation();
  const locale = useLocale();
  const link = useLink();
  const now = useNow();
  if (link.status !== "reconnecting" || !link.lostAt || now - link.since < patience) return null;
  return (
    <p role="status" className="bg-danger-soft px-4 py-1.5 text-danger">
      {t("link.reconnecting")}. {t("link.lost", { time: clock(link.lostAt, locale) })}
    </p>
  );
}

/** Says whether what is on the screen is the present. */
export function LinkState() {
  const { t } = useTranslation();
  const locale = useLocale();
  const link = useLink();
  const now = useNow();
  const justBack = link.status === "live" && link.lostAt !== null && now - link.since < 60_000;
  const word = justBack
    ? t("link.caughtUp", { time: lasted(Math.max(0, now - link.since)) })
    : t(`link.${link.status}`);
  const more =
    link.status === "reconnecting" && link.lostAt
      ? t("link.lost", { time: clock(link.lostAt, locale) })
      : justBack && link.missed > 0
        ? t("link.missed", { count: link.missed })
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
        data-link={link.status}
        className="grid size-8 place-items-center rounded-md"
      >
        <span className={cn("size-2 rounded-full", dot[link.status])} />
      </button>
    </Tooltip>
  );
}
