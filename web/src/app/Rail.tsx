import { Link } from "@tanstack/react-router";
import { Activity, Contact, Gauge, Inbox, Keyboard, Search, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import type { KeyName } from "@/lib/keys";
import { IconButton } from "@/ui/Button";
import { Tooltip } from "@/ui/Tooltip";
import { LinkState } from "./LinkState";
import { PresenceMenu } from "./PresenceMenu";

const cell =
  "grid size-10 place-items-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-text aria-[current=page]:bg-selected aria-[current=page]:text-accent";

function Place({
  to,
  label,
  shortcut,
  children,
}: {
  to: string;
  label: string;
  shortcut?: KeyName;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label} shortcut={shortcut} side="right">
      <Link to={to} aria-label={label} className={cell} activeOptions={{ exact: to === "/", includeSearch: false }}>
        {children}
      </Link>
    </Tooltip>
  );
}

/** The places, and at the end how I am and how the connection is. */
export function Rail({ onPalette, onKeys }: { onPalette: () => void; onKeys: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <nav
      aria-label={t("nav.label")}
      className="flex shrink-0 items-center gap-1 border-line border-t p-2 md:w-14 md:flex-col md:border-t-0"
    >
      <Place to="/" label={t("nav.dashboard")} shortcut="goDashboard">
        <Gauge size={18} />
      </Place>
      <Place to="/interactions" label={t("nav.interactions")} shortcut="goInteractions">
        <Inbox size={18} />
      </Place>
      {may(me, "VIEW_CONTACTS") && (
        <Place to="/contacts" label={t("nav.contacts")} shortcut="goContacts">
          <Contact size={18} />
        </Place>
      )}
      {may(me, "SUPERVISE") && (
        <Place to="/realtime" label={t("nav.realtime")} shortcut="goRealtime">
          <Activity size={18} />
        </Place>
      )}
      {may(me, "ADMINISTER") && (
        <Place to="/settings" label={t("nav.settings")}>
          <Settings size={18} />
        </Place>
      )}
      <span className="flex-1" />
      <IconButton label={t("keys.palette")} shortcut="palette" side="right" onClick={onPalette}>
        <Search size={16} />
      </IconButton>
      <span className="hidden md:block">
        <IconButton label={t("keys.title")} shortcut="help" side="right" onClick={onKeys}>
          <Keyboard size={16} />
        </IconButton>
      </span>
      <LinkState />
      {me && <PresenceMenu me={me} />}
    </nav>
  );
}
