import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { isLong } from "./formatting";
import { MarkedText } from "./Text";

/** The messages that were unfolded. They stay so when they leave the screen and come back. */
const unfolded = new Set<string>();

/** Shows a message's text. A very long one is folded. */
export function FoldedText({ id, text }: { id: string; text: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(() => unfolded.has(id));
  if (!isLong(text)) return <MarkedText text={text} />;
  const show = (all: boolean) => {
    if (all) unfolded.add(id);
    else unfolded.delete(id);
    setOpen(all);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a link in the hidden part may get the focus */}
      <span
        data-folded={!open}
        onFocus={() => show(true)}
        className={cn("block", !open && "max-h-64 overflow-hidden [mask-image:linear-gradient(black_75%,transparent)]")}
      >
        <MarkedText text={text} />
      </span>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => show(!open)}
        className="my-0.5 font-medium text-accent text-sm hover:underline"
      >
        {t(open ? "conversation.showLess" : "conversation.showMore")}
      </button>
    </>
  );
}
