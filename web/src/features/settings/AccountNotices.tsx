import { useTranslation } from "react-i18next";
import type { SettingsAccountsQuery } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { formatDateTime, formatShortDate } from "@/lib/time";
import { Badge } from "@/ui/Badge";
import { noticeTitle, noticeTone } from "./notices";

type Settings = NonNullable<SettingsAccountsQuery["accounts"][number]["settings"]>;
type Props = { notices: Settings["notices"] };

/** The provider's latest notice about an account, for the list. */
export function LatestNotice({ notices: [latest] }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (!latest) return null;
  return (
    <span className="flex items-center gap-2">
      <Badge tone={noticeTone(latest.event)}>{noticeTitle(latest, t)}</Badge>
      <span className="text-muted text-sm">{formatShortDate(latest.sentAt, locale)}</span>
    </span>
  );
}

/** What the provider said about an account and its templates, newest first. */
export function Notices({ notices }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (notices.length === 0) return null;
  return (
    <section className="col-span-full" aria-label={t("settings.notices.title")}>
      <h3 className="mb-2 font-semibold">{t("settings.notices.title")}</h3>
      <ul className="grid gap-2">
        {notices.map((notice) => (
          <li key={notice.id} className="rounded-lg bg-surface px-3 py-2">
            <details>
              <summary className="cursor-pointer">
                {noticeTitle(notice, t)}{" "}
                <span className="text-muted text-sm">{formatDateTime(notice.sentAt, locale)}</span>
              </summary>
              <dl className="mt-2 grid grid-cols-[fit-content(45%)_1fr] gap-x-3 gap-y-1 text-sm">
                {notice.facts.map(({ name, value }) => (
                  <div key={name} className="contents">
                    <dt className="text-muted">{name}</dt>
                    <dd className="min-w-0 break-words">{value}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
