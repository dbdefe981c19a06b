import { ArrowDownLeft, ArrowUpRight, Lock } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { useKnownTags } from "@/graphql/tags";
import { formatList, useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { previewText } from "@/lib/preview";
import { formatDuration, formatExactTime, formatShortDate, useNow } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Badge, Unread } from "@/ui/Badge";
import { Dot } from "@/ui/Dot";
import { WindowRing } from "@/ui/Rings";
import { Ticks } from "@/ui/Ticks";

type Props = { row: InteractionFieldsFragment; current?: boolean; marked?: boolean };

/** One interaction in the list: the customer, the last message and its direction, the time and the state. */
export const InteractionRow = memo(function InteractionRow({ row, current, marked }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const name = row.customer.displayName;
  const unread = !row.read && row.status === "OPEN";
  const inbound = row.lastMessageDirection === "IN";
  const Arrow = inbound ? ArrowDownLeft : ArrowUpRight;
  return (
    <div
      data-unread={unread || undefined}
      className={cn(
        "flex h-full items-center gap-3 border-line border-b px-3",
        current ? "bg-selected" : "hover:bg-hover",
        marked && "shadow-[inset_2px_0_0_0_var(--accent)]",
      )}
    >
      <span className="relative">
        <Avatar name={name} />
        {row.unmanaged > 0 && (
          <span
            role="img"
            aria-label={t("list.unmanaged", { count: row.unmanaged })}
            title={t("list.unmanaged", { count: row.unmanaged })}
            className={cn(
              "nums absolute -end-1.5 -bottom-1 inline-grid h-4 min-w-4 place-items-center rounded-full",
              "bg-warn-soft px-1 font-semibold text-warn text-xs leading-none ring-2 ring-surface",
            )}
          >
            {row.unmanaged}
          </span>
        )}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1.5">
          <span className={cn("min-w-0 truncate", unread ? "font-semibold" : "font-medium")}>{name}</span>
          {row.customer.masked && <Lock size={11} aria-label={t("common.masked")} className="shrink-0 text-muted" />}
          <span className="shrink-0 rounded-sm bg-hover px-1 font-medium text-muted text-xs">
            {row.account.shortCode}
          </span>
          <span className="flex-1" />
          {row.windowExpiresAt && row.status === "OPEN" && (
            <WindowRing
              closesAt={Date.parse(row.windowExpiresAt)}
              open={(time) => t("list.windowOpen", { time })}
              closed={t("list.windowClosed")}
            />
          )}
          <time
            dateTime={row.lastMessageAt}
            title={formatExactTime(row.lastMessageAt, locale)}
            className="nums shrink-0 text-muted text-xs group-hover:invisible"
          >
            {formatShortDate(row.lastMessageAt, locale)}
          </time>
        </div>
        <div className="flex items-center gap-1.5 text-sm">
          <span title={t(inbound ? "list.in" : "list.out")} className="shrink-0 text-muted">
            {!inbound && row.lastMessageStatus ? (
              <Ticks status={row.lastMessageStatus} label={t(`tick.${row.lastMessageStatus}`)} />
            ) : (
              <Arrow size={13} aria-label={t(inbound ? "list.in" : "list.out")} />
            )}
          </span>
          <span className={cn("min-w-0 flex-1 truncate", unread ? "text-text" : "text-muted")}>
            {row.replyDraft ? (
              <>
                <span className="text-danger">{t("list.draft")}</span> {row.replyDraft}
              </>
            ) : (
              previewText(row.preview, t, row.lastMessageDirection)
            )}
          </span>
          {row.tags.length > 0 && <Tags row={row} />}
          <State row={row} />
          <Unread count={row.unread} label={t("tabs.unread", { count: row.unread })} />
        </div>
      </div>
    </div>
  );
});

function Tags({ row }: { row: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const known = useKnownTags();
  if (row.tagsCollapsed) {
    return (
      <span title={formatList(row.tags, locale)} className="shrink-0">
        <Badge>{t("list.moreTags", { count: row.tags.length })}</Badge>
      </span>
    );
  }
  return (
    <span className="hidden max-w-32 shrink-0 gap-1 overflow-hidden sm:flex">
      {row.tags.map((tag) => (
        <Badge key={tag}>
          <Dot color={known.find((x) => x.name === tag)?.color} />
          {tag}
        </Badge>
      ))}
    </span>
  );
}

function State({ row }: { row: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  if (row.status === "CLOSED") {
    return (
      <span className="max-w-28 shrink-0 truncate text-muted text-xs">
        {row.disposition.at(-1) ?? t("list.closed")}
      </span>
    );
  }
  if (row.waiting) return <Waiting since={row.waitingSince} />;
  return row.owner ? <span className="max-w-28 shrink-0 truncate text-muted text-xs">{row.owner.name}</span> : null;
}

function Waiting({ since }: { since: string | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  return (
    <Badge tone="warn" className="nums shrink-0">
      {since ? formatDuration(now - Date.parse(since), locale) : t("list.waiting")}
    </Badge>
  );
}
