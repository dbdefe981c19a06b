import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import type { RawEventsQuery } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { notify } from "@/lib/notices";
import { formatExactTime } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import { ErrorState, Skeleton } from "@/ui/States";

const Events = graphql(`
  query RawEvents($id: ID!) {
    events(interactionId: $id) {
      id
      revision
      type
      at
      actor
      commandId
      causationId
      data
    }
  }
`);
const Names = graphql(`
  query EventActors {
    users {
      id
      name
    }
  }
`);

type Recorded = RawEventsQuery["events"][number];

/** Shows the stored events. Viewing them is recorded, so it asks first. */
export function RawEvents({ id }: { id: string }) {
  const { t } = useTranslation();
  const [confirmed, setConfirmed] = useState(false);
  if (confirmed) return <LoadedEvents id={id} />;
  return (
    <div className="p-4">
      <p className="text-muted">{t("events.recorded")}</p>
      <Button tone="primary" className="mt-3" onClick={() => setConfirmed(true)}>
        {t("events.read")}
      </Button>
    </div>
  );
}

function LoadedEvents({ id }: { id: string }) {
  // Every read is recorded. The query skips the cache and is separate, so that nothing else runs it again.
  const [{ data: people }] = useQuery({ query: Names });
  const [{ data, error, stale }] = useQuery({ query: Events, variables: { id }, requestPolicy: "network-only" });
  const problem = problemOf(error);
  if (!data || stale) {
    return problem ? <ErrorState problem={problem} /> : <Skeleton />;
  }
  const names = new Map((people?.users ?? []).map((u) => [u.id.replace(/^usr_/, ""), u.name]));
  return <EventList events={data.events} names={names} />;
}

function EventList({ events, names }: { events: readonly Recorded[]; names: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => box.current,
    estimateSize: () => 52,
    overscan: 6,
    getItemKey: (i) => events[i]?.id ?? i,
  });
  const toggle = (id: string) =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard
    <div ref={box} tabIndex={0} className="h-full overflow-y-auto" data-events={events.length}>
      <ol aria-label={t("events.list")} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((v) => {
          const e = events[v.index];
          if (!e) return null;
          return (
            <li
              key={v.key}
              ref={virtual.measureElement}
              data-index={v.index}
              aria-setsize={events.length}
              aria-posinset={v.index + 1}
              className="absolute inset-x-0 top-0 border-line border-b"
              style={{ transform: `translateY(${v.start}px)` }}
            >
              <EventRow event={e} actor={names.get(e.actor ?? "") ?? e.actor} open={open.has(e.id)} onToggle={toggle} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}

type EventRowProps = { event: Recorded; actor: string | null; open: boolean; onToggle: (id: string) => void };

function EventRow({ event: e, actor, open, onToggle }: EventRowProps) {
  const locale = useLocale();
  return (
    <div data-event={e.type}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onToggle(e.id)}
        className="flex w-full items-start gap-2 px-3 py-2 text-start hover:bg-hover"
      >
        <ChevronRight size={14} className={cn("mt-1 shrink-0 text-muted transition-transform", open && "rotate-90")} />
        <span className="min-w-0 flex-1">
          <span className="flex gap-2">
            <span className="min-w-0 flex-1 truncate font-medium">{e.type}</span>
            <span className="nums text-muted text-sm">{e.revision}</span>
          </span>
          <span className="nums block truncate text-muted text-sm">
            {formatExactTime(e.at, locale)}
            {actor && ` · ${actor}`}
          </span>
        </span>
      </button>
      {open && <EventDetail event={e} />}
    </div>
  );
}

function EventDetail({ event: e }: { event: Recorded }) {
  const { t } = useTranslation();
  const text = formatted(e.data);
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(() => notify({ tone: "plain", text: t("common.copied") }))
      .catch(() => notify({ tone: "danger", text: t("events.copyBlocked") }));
  const facts = [
    [t("events.id"), e.id],
    [t("events.command"), e.commandId],
    [t("events.cause"), e.causationId],
  ] as const;
  return (
    <div className="px-3 pb-3 ps-9">
      <dl className="mb-2 grid grid-cols-[auto_1fr] gap-x-3 text-sm">
        {facts.map(([label, value]) => value && <Fact key={label} label={label} value={value} />)}
      </dl>
      <div className="relative">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
        <pre tabIndex={0} className="max-h-80 overflow-auto rounded-md bg-canvas p-2 pe-10 font-mono text-xs">
          {text}
        </pre>
        <span className="absolute inset-e-1 top-1">
          <IconButton label={t("common.copy")} onClick={() => void copy()} className="size-7">
            <Copy size={13} />
          </IconButton>
        </span>
      </div>
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 truncate font-mono" title={value}>
        {value}
      </dd>
    </>
  );
}

/** Formats JSON with indentation. Returns anything else unchanged. */
export function formatted(data: string): string {
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return data;
  }
}
