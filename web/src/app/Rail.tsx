import { Link } from "@tanstack/react-router";
import { Activity, Contact, Gauge, Inbox, Keyboard, Search, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import type { KeyName } from "@/lib/keys";
import { IconButton } from "@/ui/Button";
import { Tooltip } from "@/ui/Tooltip";
import { ConnectionIndicator } from "./ConnectionStatus";
import { PresenceMenu } from "./PresenceMenu";

const cell = cn(
  "grid size-10 place-items-center rounded-lg text-muted transition-colors hover:bg-hover",
  "hover:text-text aria-[current=page]:bg-selected aria-[current=page]:text-accent",
);

function NavLink({
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

/** The main navigation, with the connection indicator and the presence menu at the end. */
export function Rail({ onPalette, onKeys }: { onPalette: () => void; onKeys: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <nav
      aria-label={t("nav.label")}
      className="flex shrink-0 items-center gap-1 border-line border-t p-2 md:w-14 md:flex-col md:border-t-0"
    >
      <NavLink to="/" label={t("nav.dashboard")} shortcut="goDashboard">
        <Gauge size={18} />
      </NavLink>
      <NavLink to="/interactions" label={t("nav.interactions")} shortcut="goInteractions">
        <Inbox size={18} />
      </NavLink>
      {may(me, "VIEW_CONTACTS") && (
        <NavLink to="/contacts" label={t("nav.contacts")} shortcut="goContacts">
          <Contact size={18} />
        </NavLink>
      )}
      {may(me, "SUPERVISE") && (
        <NavLink to="/realtime" label={t("nav.realtime")} shortcut="goRealtime">
          <Activity size={18} />
        </NavLink>
      )}
      {may(me, "ADMINISTER") && (
        <NavLink to="/settings" label={t("nav.settings")}>
          <Settings size={18} />
        </NavLink>
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
      <ConnectionIndicator />
      {me && <PresenceMenu me={me} />}
    </nav>
  );
}
