import { cn } from "@/lib/cn";
import { nameParts } from "@/lib/fileName";

/** Shows a file's name on one line. The extension comes last and is never cut off. */
export function FileName({ name, className }: { name: string; className?: string }) {
  const { stem, extension } = nameParts(name);
  return (
    <span dir="ltr" className={cn("flex min-w-0 font-medium", className)}>
      <bdi className="truncate">{stem}</bdi>
      {extension && <bdi className="shrink-0">{extension}</bdi>}
    </span>
  );
}
