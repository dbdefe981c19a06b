import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { QueueTable } from "@/features/dashboard/Dashboard";
import { UnknownMessages } from "@/features/dashboard/UnknownMessages";
import { InteractionRow } from "@/features/interactions/Row";
import { may, useMe } from "@/graphql/me";
import { Button } from "@/ui/Button";
import { useBecomeAvailable } from "../PresenceMenu";
import { useSessions } from "../SessionTabs";

export function DashboardPage() {
  const { t } = useTranslation();
  const me = useMe();
  const becomeAvailable = useBecomeAvailable();
  const sessions = useSessions();
  const agent = may(me, "HANDLE_INTERACTIONS");
  const idle = agent && me?.presence?.state !== "AVAILABLE";
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-4xl flex-col gap-8 p-6 md:p-10">
        <header className="flex flex-wrap items-center gap-3">
          <h1 className="flex-1 font-semibold text-xl tracking-tight">
            {me ? t("dashboard.hello", { name: me.user.name.split(" ")[0] }) : t("dashboard.title")}
          </h1>
          {idle && (
            <>
              <p className="text-muted">{t("dashboard.notAvailable")}</p>
              <Button tone="primary" onClick={() => becomeAvailable(me?.presence)}>
                {t(me?.presence?.reason === "DISPOSITION" ? "conversation.dispose" : "dashboard.becomeAvailable")}
              </Button>
            </>
          )}
        </header>
        {agent && <UnknownMessages />}
        <section aria-labelledby="queues">
          <h2 id="queues" className="mb-1 px-3 font-semibold">
            {t("dashboard.queues")}
          </h2>
          <QueueTable />
        </section>
        {agent && (
          <section aria-labelledby="sessions">
            <h2 id="sessions" className="mb-1 px-3 font-semibold">
              {t("dashboard.sessions")}
            </h2>
            {sessions.length === 0 && <p className="px-3 py-2 text-muted">{t("dashboard.noSessions")}</p>}
            <ul className="border-line border-t">
              {sessions.map((s) => (
                <li key={s.id} className="h-[4.25rem]">
                  <Link to="/interactions/$id" params={{ id: s.id }} className="block h-full">
                    <InteractionRow row={s} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}
