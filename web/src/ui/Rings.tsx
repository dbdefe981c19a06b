import { cn } from "@/lib/cn";
import { lasted, useNow } from "@/lib/time";

type RingProps = { fraction: number; size: number; stroke: number; className?: string; label: string };

function Ring({ fraction, size, stroke, className, label }: RingProps) {
  const r = (size - stroke) / 2;
  const around = 2 * Math.PI * r;
  const left = Math.min(1, Math.max(0, fraction));
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
        strokeDasharray={`${around * left} ${around}`}
      />
    </svg>
  );
}

/** How much is left of an offer: a ring that empties, with the seconds inside. */
export function CountdownRing({
  startAt,
  endAt,
  label,
}: {
  startAt: number;
  endAt: number;
  label: (left: string) => string;
}) {
  const now = useNow();
  const left = Math.max(0, endAt - now);
  const fraction = left / Math.max(1, endAt - startAt);
  const seconds = Math.ceil(left / 1000);
  const tone = seconds <= 5 ? "text-danger" : seconds <= 10 ? "text-warn" : "text-accent";
  return (
    <span className={cn("relative inline-grid size-11 place-items-center", tone)}>
      <Ring fraction={fraction} size={44} stroke={3} label={label(lasted(left))} />
      <span aria-hidden="true" className="nums absolute font-semibold text-sm">
        {seconds > 99 ? `${Math.ceil(seconds / 60)}m` : seconds}
      </span>
    </span>
  );
}

const hour = 3_600_000;

/** Which colour the 24-hour window has: green, amber under two hours, red under thirty minutes, none when shut. */
export function windowTone(left: number): "good" | "warn" | "danger" | "shut" {
  if (left <= 0) return "shut";
  if (left < hour / 2) return "danger";
  return left < 2 * hour ? "warn" : "good";
}

const ink = { good: "text-good", warn: "text-warn", danger: "text-danger", shut: "text-muted" };

/** What is left of the customer's 24-hour window. */
export function WindowRing({
  closesAt,
  open,
  shut,
}: {
  closesAt: number;
  open: (left: string) => string;
  shut: string;
}) {
  const now = useNow(30_000);
  const left = closesAt - now;
  const tone = windowTone(left);
  const label = tone === "shut" ? shut : open(lasted(left));
  return (
    <span title={label} className={cn("inline-grid shrink-0 place-items-center", ink[tone])}>
      <Ring fraction={left / (24 * hour)} size={12} stroke={2.5} label={label} />
    </span>
  );
}
