import { useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { RawEvents } from "./RawEvents";
import { TimelineTab } from "./TimelineTab";

const views = ["timeline", "events"] as const;

/** The timeline of the interaction and, with permission, its raw events. */
export function HistoryTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const mayReadEvents = may(useMe(), "READ_HISTORY");
  const [view, setView] = useState<(typeof views)[number]>("timeline");
  if (!mayReadEvents) return <TimelineTab id={id} />;
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
        {view === "timeline" ? <TimelineTab id={id} /> : <RawEvents id={id} />}
      </div>
    </div>
  );
}
