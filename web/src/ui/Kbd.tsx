import { cn } from "@/lib/cn";
import { caps, type KeyName } from "@/lib/keys";

/** The key caps of a shortcut. */
export function Kbd({ name, inverse }: { name: KeyName; inverse?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {caps(name).map((cap) => (
        <kbd
          key={cap}
          className={cn(
            "inline-grid h-4 min-w-4 place-items-center rounded-sm border px-1 font-sans text-xs",
            inverse ? "border-current" : "border-line-strong bg-sunken text-muted",
          )}
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
