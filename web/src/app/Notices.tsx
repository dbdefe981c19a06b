import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { dismiss, useNotices } from "@/lib/notices";
import { Button, IconButton } from "@/ui/Button";

/** Error notices, and plain ones that must be read, stay until dismissed. The others disappear after a while. */
export function Notices() {
  const { t } = useTranslation();
  const notices = useNotices();
  return (
    <div
      aria-live="polite"
      className="fixed start-4 bottom-16 z-40 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 md:start-18 md:bottom-4"
    >
      {notices.map((n) => (
        <div
          key={n.id}
          className={cn(
            "flex animate-rise items-start gap-2 rounded-lg border py-2 ps-3 pe-1 shadow-high",
            n.tone === "danger" ? "border-danger bg-danger-soft text-danger" : "border-line bg-raised",
          )}
        >
          <p className="min-w-0 flex-1 py-1">{n.text}</p>
          {n.action && (
            <Button
              size="sm"
              tone="quiet"
              onClick={() => {
                n.action?.run();
                dismiss(n.id);
              }}
            >
              {n.action.label}
            </Button>
          )}
          <IconButton label={t("common.dismiss")} onClick={() => dismiss(n.id)} className="size-7">
            <X size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
