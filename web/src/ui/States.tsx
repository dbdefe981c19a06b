import { CloudOff, Lock, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/graphql/errors";
import { cn } from "@/lib/cn";
import { Button } from "./Button";

function StateMessage({
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

/** Says that there is nothing to show. */
export function Empty(props: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return <StateMessage {...props} />;
}

/** Says that the viewer has no access. */
export function NoAccess({ message }: { message?: string }) {
  const { t } = useTranslation();
  return (
    <StateMessage icon={<Lock size={28} strokeWidth={1.5} />} title={t("state.refusedTitle")}>
      {message ?? t("state.refused")}
    </StateMessage>
  );
}

/** Replaces content that could not be loaded: no connection, no access, or a server error. */
export function ErrorState({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation();
  if (problem.kind === "offline") return <Offline onRetry={onRetry} />;
  if (problem.kind === "refused") return <NoAccess message={problem.message} />;
  return (
    <StateMessage
      icon={<TriangleAlert size={28} strokeWidth={1.5} />}
      title={t("state.brokenTitle")}
      action={onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
    >
      {problem.message}
    </StateMessage>
  );
}

export function Offline({ onRetry }: { onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <StateMessage
      icon={<CloudOff size={28} strokeWidth={1.5} />}
      title={t("state.offlineTitle")}
      action={onRetry && <Button onClick={onRetry}>{t("common.retry")}</Button>}
    >
      {t("state.offline")}
    </StateMessage>
  );
}

/** Placeholder rows while loading. They appear after 300 ms, so that fast answers don't flicker. */
export function Skeleton({ rows = 6, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")} className={cn("animate-skeleton p-4", className)}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholder rows have no identity and never move
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
