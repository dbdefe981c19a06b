import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composition";
import { remember, remembered } from "@/lib/stored";
import { emoji } from "./emoji";

const maxRecent = 16;
const columns = 8;

type Choice = { key: string; symbol: string; words: string };

function recentlyUsed(): string[] {
  return (remembered("emoji") ?? "").split(" ").filter(Boolean);
}

const wordsOf = new Map(emoji.map((e) => [e.symbol, e.words]));

/** Returns the index an arrow key moves to in a grid with rows of eight. Stops at the ends. */
export function step(at: number, key: string, count: number): number {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] ?? 0;
  const to = at + by;
  return to < 0 || to >= count ? at : to;
}

/**
 * A searchable emoji grid, with recently used emoji first. The search field keeps the focus: letters search, arrows
 * move.
 */
export function EmojiPicker({ onPick }: { onPick: (symbol: string) => void }) {
  const { t } = useTranslation();
  const listId = useId();
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const [recent] = useState<Choice[]>(() =>
    recentlyUsed().map((symbol) => ({ key: `recentlyUsed ${symbol}`, symbol, words: wordsOf.get(symbol) ?? symbol })),
  );
  const words = q.trim().toLowerCase();
  const shownRecent = words === "" ? recent : [];
  // Pad each group to full rows, so that up and down stay in their column.
  const gap = (columns - (shownRecent.length % columns)) % columns;
  const found = emoji.filter((e) => e.words.includes(words)).map((e) => ({ ...e, key: e.symbol }));
  const cells: (Choice | null)[] = [...shownRecent, ...new Array<null>(gap).fill(null), ...found];
  const pick = (symbol: string) => {
    remember("emoji", [symbol, ...recentlyUsed().filter((s) => s !== symbol)].slice(0, maxRecent).join(" "));
    onPick(symbol);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return;
    if (e.key === "Enter") {
      e.preventDefault();
      const chosen = cells[at];
      if (chosen) pick(chosen.symbol);
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
        {shownRecent.length > 0 && (
          <p role="presentation" className="px-1 pb-1 font-medium text-muted text-xs">
            {t("composer.emojiRecent")}
          </p>
        )}
        <div role="presentation" className="grid grid-cols-8 gap-0.5">
          {cells.map((cell, i) =>
            cell ? (
              <Cell {...cell} key={cell.key} id={`${listId}-${i}`} on={i === at} onPick={pick} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: empty cells have no identity
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
  symbol,
  words,
  id,
  on,
  onPick,
}: Omit<Choice, "key"> & { id: string; on: boolean; onPick: (symbol: string) => void }) {
  const cell = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (on) cell.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above handles the keyboard
    <div
      ref={cell}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={on}
      aria-label={words}
      title={words}
      onClick={() => onPick(symbol)}
      className={cn(
        "grid size-9 cursor-pointer place-items-center rounded-md text-xl hover:bg-hover",
        on && "bg-selected outline-2 outline-accent -outline-offset-2",
      )}
    >
      {symbol}
    </div>
  );
}
