import { Paperclip } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "@/graphql/generated";
import type { CannedQuery } from "@/graphql/generated/graphql";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composition";
import { Popover } from "@/ui/Popover";

const Canned = graphql(`
  query Canned($interactionId: ID!) {
    cannedAnswersFor(interactionId: $interactionId) {
      id
      shortcut
      title
      text
      media {
        fileName
        mimeType
        size
        url
      }
    }
  }
`);

export type Answer = CannedQuery["cannedAnswersFor"][number];

type Props = {
  interactionId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onPick: (answer: Answer) => void;
  children: ReactNode;
};

/** Finds canned answers by shortcut or text. */
export function CannedPicker({ open, onOpenChange, children, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Popover label={t("composer.canned")} side="top" open={open} onOpenChange={onOpenChange} trigger={children}>
      <Choices {...rest} onDone={() => onOpenChange(false)} />
    </Popover>
  );
}

function Choices({
  interactionId,
  onPick,
  onDone,
}: Omit<Props, "open" | "onOpenChange" | "children"> & { onDone: () => void }) {
  const { t } = useTranslation();
  const listId = useId();
  const [{ data }] = useQuery({
    query: Canned,
    variables: { interactionId },
    requestPolicy: "cache-and-network",
  });
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const words = q.toLocaleLowerCase();
  const found = (data?.cannedAnswersFor ?? []).filter((c) =>
    `${c.shortcut} ${c.title} ${c.text}`.toLocaleLowerCase().includes(words),
  );
  const current = Math.min(at, found.length - 1);
  const pick = (answer: Answer) => {
    onDone();
    onPick(answer);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return;
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      e.preventDefault();
      setAt((current + step + found.length) % found.length);
    } else if (e.key === "Enter") {
      e.preventDefault();
      const chosen = found[current];
      if (chosen) pick(chosen);
    }
  };
  return (
    <div className="w-80">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
        aria-label={t("composer.canned")}
        placeholder={t("common.search")}
        value={q}
        onChange={(e) => {
          setQ(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="mb-2 h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 outline-none focus:border-accent"
      />
      <div role="listbox" id={listId} aria-label={t("composer.canned")} className="max-h-64 overflow-y-auto">
        {found.map((c, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above handles the keyboard
          <div
            key={c.id}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === current}
            onPointerMove={() => setAt(i)}
            onClick={() => pick(c)}
            className={cn("cursor-pointer rounded-md px-2 py-1.5", i === current && "bg-selected")}
          >
            <p className="flex gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{c.title}</span>
              <span className="font-mono text-muted text-sm">/{c.shortcut}</span>
            </p>
            <p className="flex items-center gap-1.5 text-muted text-sm">
              {c.media && <Paperclip size={12} className="shrink-0" />}
              <span className="truncate">{c.text || c.media?.fileName}</span>
            </p>
          </div>
        ))}
        {data && found.length === 0 && <p className="px-2 py-3 text-muted">{t("composer.noCanned")}</p>}
      </div>
    </div>
  );
}
