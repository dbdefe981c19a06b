import { Link, Navigate, Outlet, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { NoAccess, Skeleton } from "@/ui/States";
import { AccountsSection } from "./AccountsSection";
import { CannedSection } from "./CannedSection";
import { DispositionsSection } from "./DispositionsSection";
import { ListsSection } from "./ListsSection";
import { PolicySection } from "./PolicySection";
import { QueuesSection } from "./QueuesSection";
import { TagsSection } from "./TagsSection";
import { TokensSection } from "./TokensSection";
import { UsersSection } from "./UsersSection";

const sections = {
  accounts: AccountsSection,
  queues: QueuesSection,
  users: UsersSection,
  tokens: TokensSection,
  lists: ListsSection,
  dispositions: DispositionsSection,
  canned: CannedSection,
  tags: TagsSection,
  policy: PolicySection,
} as const;
type Name = keyof typeof sections;
const names = Object.keys(sections) as Name[];

/** Scrolls the selected section's name into view on narrow screens. */
function scrollIntoView(name: HTMLElement | null) {
  name?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Administration. Every change is recorded with its author. */
export function SettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { section } = useParams({ strict: false });
  if (!me) return <Skeleton />;
  if (!may(me, "ADMINISTER")) return <NoAccess />;
  if (!section) return <Navigate to="/settings/$section" params={{ section: "accounts" }} replace />;
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <nav
        aria-label={t("settings.title")}
        className="flex shrink-0 gap-0.5 overflow-x-auto border-line border-b p-3 md:w-52 md:flex-col md:border-e md:border-b-0"
      >
        <h1 className="px-2 pt-1 pb-3 font-semibold text-lg max-md:sr-only">{t("settings.title")}</h1>
        {names.map((n) => (
          <Link
            key={n}
            to="/settings/$section"
            params={{ section: n }}
            ref={n === section ? scrollIntoView : undefined}
            className={cn(
              "whitespace-nowrap rounded-md px-2 py-1.5 text-muted hover:bg-hover hover:text-text",
              "aria-[current=page]:bg-selected aria-[current=page]:font-medium aria-[current=page]:text-accent",
            )}
          >
            {t(`settings.${n}`)}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <Outlet />
      </div>
    </div>
  );
}

export function SettingsSection() {
  const { section } = useParams({ from: "/settings/$section" });
  const name = names.find((n) => n === section);
  if (!name) return <Navigate to="/settings/$section" params={{ section: "accounts" }} replace />;
  const Section = sections[name];
  return <Section key={name} />;
}
