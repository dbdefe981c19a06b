import { cn } from "@/lib/cn";
import { type KeyName, keyLabels } from "@/lib/keys";

/** Shows the keys of a shortcut. */
export function Kbd({ name, inverse }: { name: KeyName; inverse?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {keyLabels(name).map((cap) => (
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
