import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/graphql/me";
import { ask } from "@/lib/ask";
import { Button } from "@/ui/Button";
import { useBecomeAvailable } from "./PresenceMenu";

/** Says why nothing is offered, when that is not what the agent chose. */
export function PresenceBanner() {
  const { t } = useTranslation();
  const presence = useMe()?.presence;
  const become = useBecomeAvailable();
  if (presence?.state !== "PAUSED") return null;
  const { reason, interactionId } = presence;
  if (reason === "DISPOSITION" && interactionId) {
    return (
      <div role="status" className="flex items-center gap-3 bg-warn-soft px-4 py-1.5 text-warn">
        <span className="flex-1">{t("presence.dispositionDue")}</span>
        <Link to="/interactions/$id" params={{ id: interactionId }} className="font-medium underline">
          {t("presence.open")}
        </Link>
        <Button size="sm" onClick={() => ask({ what: "dispose", id: interactionId })}>
          {t("conversation.dispose")}
        </Button>
      </div>
    );
  }
  if (reason !== "MISSED") return null;
  return (
    <div role="status" className="flex items-center gap-3 bg-warn-soft px-4 py-1.5 text-warn">
      <span className="flex-1">{t("presence.missed")}</span>
      <Button size="sm" onClick={() => become(presence)}>
        {t("presence.available")}
      </Button>
    </div>
  );
}
