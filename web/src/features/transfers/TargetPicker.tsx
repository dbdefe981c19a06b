import { Check, Users } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Avatar } from "@/ui/Avatar";
import { Empty } from "@/ui/States";

export type Target = { kind: "agent" | "queue"; id: string; name: string; hint: string; selectable: boolean };

type Props = { targets: readonly Target[]; chosen: Target | null; onChoose: (t: Target) => void };

/** Finds agents and queues by typing. */
export function TargetPicker({ targets, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []); // the picker mounts after its dialog
  const words = q.trim().toLocaleLowerCase();
  const found = targets.filter((x) => x.name.toLocaleLowerCase().includes(words));
  if (targets.length === 0) return <Empty title={t("transfer.nobody")} />;
  return (
    <div>
      <input
        ref={box}
        value={q}
        onChange={(e) => setQ(e.target.value)}
        aria-label={t("transfer.search")}
        placeholder={t("transfer.search")}
        className="mb-2 h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 outline-none focus:border-accent"
      />
      <div className="max-h-64 overflow-y-auto">
        {(["agent", "queue"] as const).map((kind) => {
          const group = found.filter((x) => x.kind === kind);
          if (group.length === 0) return null;
          return (
            <fieldset key={kind}>
              <legend className="px-1 pt-1 pb-1 font-medium text-muted text-xs">
                {t(kind === "agent" ? "transfer.agents" : "transfer.queues")}
              </legend>
              {group.map((x) => (
                <label
                  key={x.id}
                  className={cn(
                    "flex cursor-pointer items-center gap-2.5 rounded-md px-1.5 py-1.5 hover:bg-hover",
                    "has-focus-visible:outline-2 has-focus-visible:outline-focus has-checked:bg-selected",
                    "has-disabled:opacity-60",
                  )}
                >
                  <input
                    type="radio"
                    name="target"
                    className="sr-only"
                    checked={chosen?.id === x.id}
                    disabled={!x.selectable}
                    onChange={() => onChoose(x)}
                  />
                  {kind === "agent" ? (
                    <Avatar name={x.name} size="sm" />
                  ) : (
                    <Users size={16} className="mx-1 text-muted" />
                  )}
                  <span className="min-w-0 flex-1 truncate">{x.name}</span>
                  <span className="text-muted text-sm">{x.hint}</span>
                  {chosen?.id === x.id && <Check size={14} className="text-accent" />}
                </label>
              ))}
            </fieldset>
          );
        })}
      </div>
    </div>
  );
}
