import { CloudOff, Lock, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/graphql/errors";
import { cn } from "@/lib/cn";
import { Button } from "./Button";

function Say({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid h-full animate-fade place-items-center p-8">
      <div className="flex max-w-80 flex-col items-center gap-2 text-center">
        {icon && <span className="mb-1 text-muted">{icon}</span>}
        <p className="font-semibold text-lg">{title}</p>
        {children && <p className="text-muted">{children}</p>}
        {action && <div className="mt-2">{action}</div>}
      </div>
    </div>
  );
}

/** There is nothing here, and that is fine. */
export function Empty(props: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return <Say {...props} />;
}

/** Not for this viewer. */
export function Refused({ message }: { message?: string }) {
  const { t } = useTranslation();
  return (
    <Say icon={<Lock size={28} strokeWidth={1.5} />} title={t("state.refusedTitle")}>
      {message ?? t("state.refused")}
    </Say>
  );
}

/** In place of what could not be fetched: there is no connection, a rule says no, or something broke on our side. */
export function Trouble({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation();
  if (problem.kind === "offline") return <Offline onRetry={onRetry} />;
  if (problem.kind === "refused") return <Refused message={problem.message} />;
  return (
    <Say
      icon={<TriangleAlert size={28} strokeWidth={1.5} />}
      title={t("state.brokenTitle")}
      action={onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
    >
      {problem.message}
    </Say>
  );
}

export function Offline({ onRetry }: { onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <Say
      icon={<CloudOff size={28} strokeWidth={1.5} />}
      title={t("state.offlineTitle")}
      action={onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
    >
      {t("state.offline")}
    </Say>
  );
}

/** Grey lines in the shape of what is coming. They appear only after 300 ms, so quick answers never flicker. */
export function Skeleton({ rows = 6, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")} className={cn("animate-skeleton p-4", className)}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity and never move
        <div key={i} className="flex items-center gap-3 py-2">
          <div className="size-8 shrink-0 animate-pulse-soft rounded-full bg-hover" />
          <div className="flex-1 space-y-2">
            <div className="h-2.5 w-1/3 animate-pulse-soft rounded-sm bg-hover" />
            <div className="h-2.5 w-4/5 animate-pulse-soft rounded-sm bg-hover" />
          </div>
        </div>
      ))}
    </div>
  );
}
