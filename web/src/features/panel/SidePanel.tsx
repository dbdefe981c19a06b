import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { IconButton } from "@/ui/Button";
import { Tabs } from "@/ui/Tabs";
import { ContactTab } from "./ContactTab";
import { HistoryTab } from "./HistoryTab";
import { InteractionTab } from "./InteractionTab";
import { JourneyTab } from "./JourneyTab";

type Tab = "contact" | "interaction" | "journey" | "history";
type Props = { id: string; tab: Tab; onTab: (tab: Tab) => void; onHide: () => void };

/** The panel next to the conversation: contact, interaction, earlier interactions and history. */
export function SidePanel({ id, tab, onTab, onHide }: Props) {
  const { t } = useTranslation();
  return (
    <aside aria-label={t("panel.label")} className="relative flex h-full min-h-0 flex-1 flex-col bg-sunken">
      <Tabs
        label={t("panel.label")}
        value={tab}
        onChange={onTab}
        className={cn(
          "[&>[role=tablist]]:h-14 [&>[role=tablist]]:items-end [&>[role=tablist]]:gap-3",
          "[&>[role=tablist]]:overflow-x-auto [&>[role=tablist]]:whitespace-nowrap",
          "[&>[role=tablist]]:pe-10",
        )}
        tabs={[
          { value: "contact", label: t("panel.contact"), content: <ContactTab id={id} /> },
          { value: "interaction", label: t("panel.interaction"), content: <InteractionTab id={id} /> },
          { value: "journey", label: t("panel.journey"), content: <JourneyTab id={id} /> },
          { value: "history", label: t("panel.history"), content: <HistoryTab id={id} /> },
        ]}
      />
      <span className="absolute end-1.5 top-3 min-[1180px]:hidden">
        <IconButton label={t("keys.panel")} shortcut="panel" onClick={onHide}>
          <X size={15} />
        </IconButton>
      </span>
    </aside>
  );
}
