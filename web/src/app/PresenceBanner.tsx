import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe, usePolicy } from "@/graphql/me";
import { openDialog } from "@/lib/dialogs";
import { Button } from "@/ui/Button";
import { useBecomeAvailable } from "./PresenceMenu";

/** Explains a pause that the agent did not choose. */
export function PresenceBanner() {
  const { t } = useTranslation();
  const presence = useMe()?.presence;
  const missed = usePolicy()?.missedOffersLimit ?? 0;
  const becomeAvailable = useBecomeAvailable();
  if (presence?.state !== "PAUSED") return null;
  const { reason, interactionId } = presence;
  if (reason === "DISPOSITION" && interactionId) {
    return (
      <div role="status" className="flex items-center gap-3 bg-warn-soft px-4 py-1.5 text-warn">
        <span className="flex-1">{t("presence.dispositionDue")}</span>
        <Link to="/interactions/$id" params={{ id: interactionId }} className="font-medium underline">
          {t("presence.open")}
        </Link>
        <Button size="sm" onClick={() => openDialog({ kind: "dispose", id: interactionId })}>
          {t("conversation.dispose")}
        </Button>
      </div>
    );
  }
  if (reason !== "MISSED") return null;
  return (
    <div role="status" className="flex items-center gap-3 bg-warn-soft px-4 py-1.5 text-warn">
      <span className="flex-1">{t("presence.missed", { count: missed })}</span>
      <Button size="sm" onClick={() => becomeAvailable(presence)}>
        {t("presence.available")}
      </Button>
    </div>
  );
}
