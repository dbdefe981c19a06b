import { BellOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { Button } from "@/ui/Button";
import { allowSound } from "./sound";
import { useSilent } from "./useRing";

/** Warns that offers cannot be heard. */
export function SoundBanner() {
  const { t } = useTranslation();
  const silent = useSilent();
  const agent = may(useMe(), "HANDLE_INTERACTIONS");
  if (!silent || !agent) return null;
  return (
    <div role="status" className="flex items-center gap-3 bg-warn-soft px-4 py-1.5 text-warn">
      <BellOff size={15} className="shrink-0" />
      <span className="flex-1">{t("offer.sound")}</span>
      <Button size="sm" onClick={() => void allowSound()}>
        {t("offer.turnOn")}
      </Button>
    </div>
  );
}
