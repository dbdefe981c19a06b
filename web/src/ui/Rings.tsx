import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatDuration, formatMinutes, useNow } from "@/lib/time";

type RingProps = { fraction: number; size: number; stroke: number; className?: string; label: string };

function Ring({ fraction, size, stroke, className, label }: RingProps) {
  const r = (size - stroke) / 2;
  const around = 2 * Math.PI * r;
  const shown = Math.min(1, Math.max(0, fraction));
  return (
    <svg width={size} height={size} className={cn("-rotate-90", className)} role="img" aria-label={label}>
      <circle cx={size / 2} cy={size / 2} r={r} fill="none" strokeWidth={stroke} className="stroke-line" />
      <circle
        cx={size / 2}
        cy={size / 2}
        r={r}
        fill="none"
        stroke="currentColor"
        strokeWidth={stroke}
        strokeLinecap="round"
        strokeDasharray={`${around * shown} ${around}`}
      />
    </svg>
  );
}

/** Shows how much time is left to answer an offer. */
export function CountdownRing({
  startAt,
  endAt,
  label,
}: {
  startAt: number;
  endAt: number;
  label: (remaining: string) => string;
}) {
  const now = useNow();
  const locale = useLocale();
  const remaining = Math.max(0, endAt - now);
  const fraction = remaining / Math.max(1, endAt - startAt);
  const seconds = Math.ceil(remaining / 1000);
  const tone = seconds <= 5 ? "text-danger" : seconds <= 10 ? "text-warn" : "text-accent";
  return (
    <span className={cn("relative inline-grid size-11 place-items-center", tone)}>
      <Ring fraction={fraction} size={44} stroke={3} label={label(formatDuration(remaining, locale))} />
      <span aria-hidden="true" className={cn("nums absolute font-semibold", seconds > 99 ? "text-xs" : "text-sm")}>
        {seconds > 99 ? formatMinutes(remaining, locale) : seconds}
      </span>
    </span>
  );
}

const hour = 3_600_000;

/**
 * Returns the colour of the 24-hour window: green, amber under two hours, red under thirty minutes, none when closed.
 */
export function windowTone(remaining: number): "good" | "warn" | "danger" | "closed" {
  if (remaining <= 0) return "closed";
  if (remaining < hour / 2) return "danger";
  return remaining < 2 * hour ? "warn" : "good";
}

const ink = { good: "text-good", warn: "text-warn", danger: "text-danger", closed: "text-muted" };

/** Shows how much of the customer's 24-hour window is left. */
export function WindowRing({
  closesAt,
  open,
  closed,
}: {
  closesAt: number;
  open: (remaining: string) => string;
  closed: string;
}) {
  const now = useNow(30_000);
  const locale = useLocale();
  const remaining = closesAt - now;
  const tone = windowTone(remaining);
  const label = tone === "closed" ? closed : open(formatDuration(remaining, locale));
  return (
    <span title={label} className={cn("inline-grid shrink-0 place-items-center", ink[tone])}>
      <Ring fraction={remaining / (24 * hour)} size={12} stroke={2.5} label={label} />
    </span>
  );
}
