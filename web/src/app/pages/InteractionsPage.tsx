import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Conversation } from "@/features/conversation/Conversation";
import { InteractionList } from "@/features/interactions/InteractionList";
import { SidePanel } from "@/features/panel/SidePanel";
import { useKey } from "@/lib/useKey";
import { useWide } from "@/lib/useWide";
import { Split } from "@/ui/Split";
import { Empty } from "@/ui/States";

/** The list next to the conversation, or only one of them on a narrow screen. */
export function InteractionsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/interactions" });
  const { id } = useParams({ strict: false });
  const wide = useWide(900);
  if (!wide) return id ? <Outlet /> : <InteractionList search={search} current={id} />;
  return (
    <Split
      name="list"
      label={t("list.title")}
      initial={372}
      min={280}
      max={620}
      fixed="start"
      start={<InteractionList search={search} current={id} />}
      end={<Outlet />}
    />
  );
}

export function NoneSelected() {
  const { t } = useTranslation();
  return (
    <Empty icon={<Inbox size={28} strokeWidth={1.5} />} title={t("list.pick")}>
      {t("list.pickHint")}
    </Empty>
  );
}

/** One conversation, with the customer panel next to it. */
export function InteractionPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/interactions/$id" });
  const search = useSearch({ from: "/interactions" });
  const navigate = useNavigate({ from: "/interactions/$id" });
  const wide = useWide(1180);
  const shown = search.panel ? search.panel !== "hidden" : wide;
  const toggle = () => void navigate({ search: (s) => ({ ...s, panel: shown ? "hidden" : "contact" }), replace: true });
  useKey("panel", toggle);
  useKey("back", () => void navigate({ to: "/interactions", search: (s) => s }));
  const conversation = (
    <Conversation
      key={id}
      id={id}
      panelShown={shown}
      onPanel={toggle}
      onBack={() => void navigate({ to: "/interactions", search: (s) => s })}
    />
  );
  if (!shown) return conversation;
  const panel = search.panel && search.panel !== "hidden" ? search.panel : "contact";
  const side = (
    <SidePanel
      key={id}
      id={id}
      tab={panel}
      onTab={(p) => void navigate({ search: (s) => ({ ...s, panel: p }), replace: true })}
      onHide={toggle}
    />
  );
  if (!wide)
    return (
      <>
        <h1 className="sr-only">{t("panel.label")}</h1>
        {side}
      </>
    );
  return (
    <Split
      name="panel"
      label={t("panel.label")}
      initial={356}
      min={260}
      max={520}
      fixed="end"
      start={conversation}
      end={side}
    />
  );
}
