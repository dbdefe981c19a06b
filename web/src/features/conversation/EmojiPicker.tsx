import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { remember, remembered } from "@/lib/stored";
import { emoji } from "./emoji";

const kept = 16;
const columns = 8;

type Sign = { key: string; sign: string; words: string };

function lately(): string[] {
  return (remembered("emoji") ?? "").split(" ").filter(Boolean);
}

const wordsOf = new Map(emoji.map((e) => [e.sign, e.words]));

/** Where an arrow leads in rows of eight; the ends hold. */
export function step(at: number, key: string, count: number): number {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] ?? 0;
  const to = at + by;
  return to < 0 || to >= count ? at : to;
}

/** Emoji by a look or by a word; those used lately come first (R52). The field keeps the keys: letters search, arrows move. */
export function EmojiPicker({ onPick }: { onPick: (sign: string) => void }) {
  const { t } = useTranslation();
  const listId = useId();
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const [recent] = useState<Sign[]>(() =>
    lately().map((sign) => ({ key: `lately ${sign}`, sign, words: wordsOf.get(sign) ?? sign })),
  );
  const words = q.trim().toLowerCase();
  const used = words === "" ? recent : [];
  // Rows are whole, so that up and down keep to their column.
  const gap = (columns - (used.length % columns)) % columns;
  const found = emoji.filter((e) => e.words.includes(words)).map((e) => ({ ...e, key: e.sign }));
  const cells: (Sign | null)[] = [...used, ...new Array<null>(gap).fill(null), ...found];
  const pick = (sign: string) => {
    remember("emoji", [sign, ...lately().filter((s) => s !== sign)].slice(0, kept).join(" "));
    onPick(sign);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === "Enter") {
      e.preventDefault();
      const chosen = cells[at];
      if (chosen) pick(chosen.sign);
    } else if (e.key.startsWith("Arrow")) {
      e.preventDefault();
      const to = step(at, e.key, cells.length);
      if (cells[to]) setAt(to);
    }
  };
  return (
    <div className="w-80">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={cells[at] ? `${listId}-${at}` : undefined}
        value={q}
        onChange={(e) => {
          setQ(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        aria-label={t("composer.emojiSearch")}
        placeholder={t("composer.emojiSearch")}
        className="mb-2 h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 outline-none focus:border-accent"
      />
      <div role="listbox" id={listId} aria-label={t("composer.emoji")} className="h-60 overflow-y-auto">
        {used.length > 0 && (
          <p role="presentation" className="px-1 pb-1 font-medium text-muted text-xs">
            {t("composer.emojiRecent")}
          </p>
        )}
        <div role="presentation" className="grid grid-cols-8 gap-0.5">
          {cells.map((cell, i) =>
            cell ? (
              <Cell {...cell} key={cell.key} id={`${listId}-${i}`} on={i === at} onPick={pick} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: an empty place has no identity
              <span key={i} role="presentation" />
            ),
          )}
        </div>
        {found.length === 0 && <p className="px-1 py-3 text-muted">{t("composer.noEmoji")}</p>}
      </div>
    </div>
  );
}

function Cell({
  sign,
  words,
  id,
  on,
  onPick,
}: Omit<Sign, "key"> & { id: string; on: boolean; onPick: (sign: string) => void }) {
  const me = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (on) me.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above has the keys
    <div
      ref={me}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={on}
      aria-label={words}
      title={words}
      onClick={() => onPick(sign)}
      className={cn(
        "grid size-9 cursor-pointer place-items-center rounded-md text-xl hover:bg-hover",
        on && "bg-selected outline-2 outline-accent -outline-offset-2",
      )}
    >
      {sign}
    </div>
  );
}
