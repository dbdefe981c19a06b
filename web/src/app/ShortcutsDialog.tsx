import { useTranslation } from "react-i18next";
import { type KeyName, keymap } from "@/lib/keys";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";

const groups = ["everywhere", "offer", "list", "conversation"] as const;

/** Lists all keyboard shortcuts. */
export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation();
  const names = Object.keys(keymap) as KeyName[];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("keys.title")} description={t("keys.lead")} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
      <div tabIndex={0} className="gap-8 pb-4 outline-none sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 font-medium text-muted text-sm">{t(`keys.groups.${group}`)}</h3>
            <dl>
              {names
                .filter((n) => keymap[n].group === group)
                .map((n) => (
                  <div key={n} className="flex items-center border-line border-b py-1.5 last:border-b-0">
                    <dt className="flex-1">{t(`keys.${n}`)}</dt>
                    <dd>
                      <Kbd name={n} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
