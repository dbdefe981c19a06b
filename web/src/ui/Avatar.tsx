import { cn } from "@/lib/cn";

const grounds = [
  "bg-accent-soft text-accent",
  "bg-system text-system-text",
  "bg-warn-soft text-warn",
  "bg-whisper text-whisper-text",
  "bg-good-soft text-good",
  "bg-note text-note-text",
];

const sizes = { sm: "size-6 text-xs", md: "size-8 text-sm", lg: "size-11 text-lg" };

/** Shows initials on a colour derived from the name. A bare phone number shows its last two digits. */
export function initials(name: string): string {
  const words = name
    .replace(/[•·*()]/g, "")
    .trim()
    .split(/\s+/)
    .filter((w) => /\p{L}/u.test(w));
  if (words.length === 0) return name.replace(/\D/g, "").slice(-2) || "?";
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

export function Avatar({
  name,
  size = "md",
  className,
}: {
  name: string;
  size?: keyof typeof sizes;
  className?: string;
}) {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return (
    <span
      aria-hidden="true"
      data-initials={initials(name)}
      className={cn(
        "inline-grid shrink-0 select-none before:content-[attr(data-initials)] place-items-center rounded-full font-semibold",
        sizes[size],
        grounds[sum % grounds.length],
        className,
      )}
    />
  );
}
