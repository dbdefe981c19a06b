import { useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { RawEvents } from "./RawEvents";
import { StoryTab } from "./StoryTab";

const views = ["story", "events"] as const;

/** How the session went, in words; for those who may read the history, also the events themselves (B1). */
export function HistoryTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const reads = may(useMe(), "READ_HISTORY");
  const [view, setView] = useState<(typeof views)[number]>("story");
  if (!reads) return <StoryTab id={id} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        role="toolbar"
        aria-label={t("events.view")}
        className="flex shrink-0 gap-0.5 border-line border-b px-3 py-1.5"
      >
        {views.map((v) => (
          <button
            key={v}
            type="button"
            aria-pressed={view === v}
            onClick={() => setView(v)}
            className={cn(
              "h-7 rounded-md px-2.5 font-medium text-sm",
              view === v ? "bg-selected text-accent" : "text-muted hover:bg-hover",
            )}
          >
            {t(`events.${v}`)}
          </button>
        ))}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {view === "story" ? <StoryTab id={id} /> : <RawEvents id={id} />}
      </div>
    </div>
  );
}
