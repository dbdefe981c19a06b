import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { readFragment } from "@/graphql/generated";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { may, useMe, usePolicy } from "@/graphql/me";
import { InteractionFields, SessionsDocument } from "@/graphql/rows";
import { cn } from "@/lib/cn";
import { openDialog } from "@/lib/dialogs";
import { useKey } from "@/lib/useKey";
import { Unread } from "@/ui/Badge";
import { Menu, MenuItem } from "@/ui/Menu";

/** Returns the agent's open sessions, oldest first. */
export function useSessions(): readonly InteractionFieldsFragment[] {
  const agent = may(useMe(), "HANDLE_INTERACTIONS");
  const [{ data }] = useQuery({ query: SessionsDocument, pause: !agent });
  return data ? readFragment(InteractionFields, data.sessions) : [];
}

/** One tab per open session, with its unread count. Sessions beyond the policy's limit go into a menu. */
export function SessionTabs() {
  const { t } = useTranslation();
  const sessions = useSessions();
  const limit = usePolicy()?.tabsLimit || 20;
  const { id: active } = useParams({ strict: false });
  const navigate = useNavigate();
  const go = (step: number) => {
    if (sessions.length === 0) return;
    const at = sessions.findIndex((s) => s.id === active);
    const from = at < 0 && step < 0 ? 0 : at;
    const next = sessions[(from + step + sessions.length) % sessions.length];
    if (next) void navigate({ to: "/interactions/$id", params: { id: next.id }, search: (s) => s });
  };
  useKey("nextTab", () => go(1));
  useKey("previousTab", () => go(-1));
  const rest = sessions.slice(limit);
  return (
    <nav aria-label={t("tabs.label")} className="flex h-10 shrink-0 items-end gap-1 overflow-x-auto px-2 pt-1.5">
      {sessions.length === 0 && <p className="self-center px-2 text-muted text-sm">{t("tabs.none")}</p>}
      {sessions.slice(0, limit).map((s) => (
        <Tab key={s.id} session={s} active={s.id === active} />
      ))}
      {rest.length > 0 && (
        <Menu
          trigger={
            <button type="button" className="h-8 rounded-md px-2 text-muted text-sm hover:bg-hover">
              {t("tabs.more", { count: rest.length })}
            </button>
          }
        >
          {rest.map((s) => (
            <MenuItem key={s.id} onSelect={() => void navigate({ to: "/interactions/$id", params: { id: s.id } })}>
              {s.customer.displayName}
            </MenuItem>
          ))}
        </Menu>
      )}
    </nav>
  );
}

function Tab({ session, active }: { session: InteractionFieldsFragment; active: boolean }) {
  const { t } = useTranslation();
  const name = session.customer.displayName;
  const unread = active ? 0 : session.unread;
  const cameBack = !active && unread === 0 && !session.read; // a transfer was returned, or it was marked unread
  return (
    <div
      data-session={session.id}
      className={cn(
        "group flex h-[2.125rem] min-w-36 max-w-56 shrink items-center rounded-t-lg text-sm",
        active
          ? "bg-surface font-medium shadow-[0_-1px_0_0_var(--line),-1px_0_0_0_var(--line),1px_0_0_0_var(--line)]"
          : "text-muted hover:bg-hover hover:text-text",
      )}
    >
      <Link
        to="/interactions/$id"
        params={{ id: session.id }}
        search={(s) => s}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-t-lg ps-2.5"
      >
        <span className="rounded-sm bg-hover px-1 font-medium text-muted text-xs">{session.account.shortCode}</span>
        <span className="min-w-0 flex-1 truncate">{name}</span>
        <Unread count={unread} label={t("tabs.unread", { count: unread })} />
        {cameBack && (
          <span role="img" aria-label={t("tabs.returned")} className="size-2 shrink-0 rounded-full bg-danger" />
        )}
      </Link>
      <button
        type="button"
        aria-label={t("tabs.close", { name })}
        onClick={() => openDialog({ kind: "close", id: session.id })}
        className={cn(
          "mx-1 grid size-6 shrink-0 place-items-center rounded-md text-muted opacity-0 hover:bg-hover",
          "hover:text-text focus-visible:opacity-100 group-focus-within:opacity-100",
          "group-hover:opacity-100 data-[on=true]:opacity-100 max-md:data-[on=false]:hidden",
        )}
        data-on={active}
      >
        <X size={13} />
      </button>
    </div>
  );
}
