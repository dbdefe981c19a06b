import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type Tone = "plain" | "accent" | "danger" | "warn" | "good" | "note" | "whisper" | "system";

const tones: Record<Tone, string> = {
  plain: "bg-hover text-muted",
  accent: "bg-accent-soft text-accent",
  danger: "bg-danger-soft text-danger",
  warn: "bg-warn-soft text-warn",
  good: "bg-good-soft text-good",
  note: "bg-note text-note-text",
  whisper: "bg-whisper text-whisper-text",
  system: "bg-system text-system-text",
};

/** A short label. */
export function Badge({
  tone = "plain",
  className,
  children,
}: {
  tone?: Tone;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-[1.125rem] max-w-full items-center gap-1 truncate rounded-sm px-1.5 font-medium text-xs",
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** The red number of unread messages, or nothing if there are none. */
export function Unread({ count, label, className }: { count: number; label: string; className?: string }) {
  if (count <= 0) return null;
  return (
    <span
      role="img"
      aria-label={label}
      className={cn(
        "nums inline-grid h-4 min-w-4 shrink-0 place-items-center rounded-full bg-danger px-1",
        "font-semibold text-on-danger text-xs leading-none",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}
