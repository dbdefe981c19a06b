import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remember, remembered } from "@/lib/stored";
import { emoji } from "./emoji";

const kept = 16;

function lately(): string[] {
  return (remembered("emoji") ?? "").split(" ").filter(Boolean);
}

/** Emoji by a look or by a word; those used lately come first (R52). */
export function EmojiPicker({ onPick }: { onPick: (sign: string) => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [recent] = useState(lately);
  const words = q.trim().toLowerCase();
  const found = emoji.filter((e) => e.words.includes(words));
  const pick = (sign: string) => {
    remember("emoji", [sign, ...lately().filter((s) => s !== sign)].slice(0, kept).join(" "));
    onPick(sign);
  };
  const first = found[0];
  return (
    <div className="w-80">
      <input
        value={q}
        onChange={(e) => setQ(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Enter" && first) {
            e.preventDefault();
            pick(first.sign);
          }
        }}
        aria-label={t("composer.emojiSearch")}
        placeholder={t("composer.emojiSearch")}
        className="mb-2 h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 outline-none focus:border-accent"
      />
      <div className="h-60 overflow-y-auto">
        {recent.length > 0 && words === "" && (
          <>
            <p className="px-1 pb-1 font-medium text-muted text-xs">{t("composer.emojiRecent")}</p>
            <Grid signs={recent.map((sign) => ({ sign, words: sign }))} onPick={pick} />
            <hr className="my-2 border-line" />
          </>
        )}
        <Grid signs={found} onPick={pick} />
      </div>
    </div>
  );
}

function Grid({
  signs,
  onPick,
}: {
  signs: readonly { sign: string; words: string }[];
  onPick: (sign: string) => void;
}) {
  return (
    <div className="grid grid-cols-8 gap-0.5">
      {signs.map(({ sign, words }) => (
        <button
          key={sign}
          type="button"
          aria-label={words}
          title={words}
          onClick={() => onPick(sign)}
          className="grid size-9 place-items-center rounded-md text-xl hover:bg-hover"
        >
          {sign}
        </button>
      ))}
    </div>
  );
}
