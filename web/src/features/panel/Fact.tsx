import { Check, Copy, Lock } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";

/** A label and its value. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7rem_1fr] gap-2 py-1">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** A value with a copy button. A masked value is copied masked. */
export function Copyable({ value, masked }: { value: string; masked?: boolean }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(value);
    setDone(true);
    window.setTimeout(() => setDone(false), 1500);
  };
  return (
    <span className="group/copy flex min-w-0 items-center gap-1">
      <span className="nums min-w-0 break-all">{value}</span>
      {masked && <Lock size={11} aria-label={t("common.masked")} className="shrink-0 text-muted" />}
      <button
        type="button"
        aria-label={done ? t("common.copied") : `${t("common.copy")}: ${value}`}
        onClick={copy}
        className={cn(
          "grid size-5 shrink-0 place-items-center rounded-sm text-muted opacity-0 hover:text-text",
          "focus-visible:opacity-100 group-hover/copy:opacity-100",
        )}
      >
        {done ? <Check size={12} /> : <Copy size={12} />}
      </button>
    </span>
  );
}
