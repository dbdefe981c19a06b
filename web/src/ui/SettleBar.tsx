import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Button } from "./Button";

type Props = {
  /** How many messages there are, and in how many sessions. */
  words: string;
  canRetry: boolean;
  onSettle: (as: "RETRY" | "SENT" | "FAILED") => void;
  className?: string;
};

/** Says that the delivery of messages is unknown, and lets the agent settle all of them at once. */
export function SettleBar({ words, canRetry, onSettle, className }: Props) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      data-unknown
      className={cn("flex shrink-0 flex-wrap items-center gap-2 bg-warn-soft px-3 py-1.5 text-warn", className)}
    >
      <TriangleAlert size={14} className="shrink-0" />
      <span className="min-w-0 flex-1">{words}</span>
      {canRetry && (
        <Button size="sm" onClick={() => onSettle("RETRY")}>
          {t("tick.resendAll")}
        </Button>
      )}
      <Button size="sm" onClick={() => onSettle("SENT")}>
        {t("tick.markSent")}
      </Button>
      <Button size="sm" onClick={() => onSettle("FAILED")}>
        {t("tick.markFailed")}
      </Button>
    </div>
  );
}
