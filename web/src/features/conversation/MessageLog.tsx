import { ArrowDown, ArrowRightLeft } from "lucide-react";
import { type ReactNode, startTransition, type UIEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatDateTime, formatDay, formatTime } from "@/lib/time";
import { Bubble } from "./Bubble";
import { createChunker, type Handover, handovers, type Line, lines, withHandovers } from "./layout";
import type { Pending } from "./outbox";
import { PendingBubble } from "./PendingBubble";
import { MarkedText } from "./Text";
import type { PastTransfer } from "./useConversation";

type Props = {
  interaction: InteractionFieldsFragment;
  messages: readonly MessageFieldsFragment[];
  transfers: readonly PastTransfer[];
  pending: readonly Pending[];
  onRetry: (id: string) => void;
  onDiscard: (id: string) => void;
  hasOlder: boolean;
  onOlder: () => boolean;
  onQuote: (m: MessageFieldsFragment) => void;
  onEnd: (atEnd: boolean) => void;
};

/** The number of messages in the first render. The rest of the page follows once these are on the screen. */
const firstRender = 24;

/**
 * The message log. It is laid out from its end, so that loading older messages does not move what the agent reads.
 * Chunks far outside the viewport are replaced by empty space of the same height.
 */
export function MessageLog(props: Props) {
  const { interaction, pending, onOlder, onEnd } = props;
  const [complete, setComplete] = useState(false);
  useEffect(() => startTransition(() => setComplete(true)), []);
  const messages = useMemo(
    () => (complete ? props.messages : props.messages.slice(-firstRender)),
    [complete, props.messages],
  );
  const hasOlder = props.hasOlder && complete;
  const showStart = complete && !props.hasOlder;
  const { t } = useTranslation();
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<string | null>(null);
  const [chunker] = useState(createChunker);
  const chunks = useMemo(() => chunker(messages), [chunker, messages]);
  const notes = useMemo(() => handovers(props.transfers), [props.transfers]);
  const [atEnd, setAtEnd] = useState(true);
  const [seenAt, setSeenAt] = useState(0);
  const position = messages.at(-1)?.position ?? 0;
  const newBelow = atEnd ? 0 : messages.filter((m) => m.position > seenAt && m.author === "CUSTOMER").length;

  const onScroll = (e: UIEvent<HTMLDivElement>) => {
    loadAhead();
    const end = e.currentTarget.scrollTop > -48;
    if (end !== atEnd) {
      setAtEnd(end);
      onEnd(end);
      if (!end) setSeenAt(position);
    }
  };
  /** Loads the next older page before the agent reaches the top. */
  const loadAhead = () => {
    const el = box.current;
    if (hasOlder && el && el.scrollHeight - el.clientHeight + el.scrollTop < loadDistance) onOlder();
  };
  const toEnd = () => box.current?.scrollTo({ top: 0 });
  const targetLoaded = target !== null && messages.some((m) => m.id === target);
  const oldest = messages[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a loaded page may not fill the window
  useEffect(loadAhead, [oldest, hasOlder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each loaded page is searched
  useEffect(() => {
    if (target === null) return;
    if (targetLoaded) {
      const el = box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(target)}"]`);
      el?.scrollIntoView({ block: "center" });
      el?.focus({ preventScroll: true });
      el?.animate?.({ backgroundColor: ["var(--selected)", "transparent"] }, { duration: 1600 });
      setTarget(null);
    } else if (!hasOlder) setTarget(null);
    else onOlder();
  }, [target, targetLoaded, hasOlder, oldest]);
  const pendingCount = pending.length;
  useEffect(() => {
    if (pendingCount > 0) box.current?.scrollTo({ top: 0 });
  }, [pendingCount]);

  let above: MessageFieldsFragment | undefined;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label={t("conversation.log")}
        data-log=""
        className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div className="flex flex-col px-4 pb-3 md:px-6">
          {hasOlder ? (
            // Exclude this line from scroll anchoring, so that the message below it stays in place.
            <p className="animate-skeleton py-4 text-center text-muted text-sm [overflow-anchor:none]">
              {t(target === null ? "conversation.older" : "conversation.seeking")}
            </p>
          ) : (
            showStart && (
              <p className="py-6 text-center text-muted text-sm">
                {t("conversation.start", { time: formatDateTime(interaction.startedAt, locale) })}
              </p>
            )
          )}
          {chunks.map((chunk, i) => {
            const before = above;
            above = chunk.messages.at(-1);
            return (
              <LazyChunk
                key={chunk.id}
                root={box}
                keep={i === chunks.length - 1 || (targetLoaded && chunk.messages.some((m) => m.id === target))}
              >
                {() => (
                  <Lines
                    list={withHandovers(
                      withAbove(before, chunk.messages),
                      notes,
                      before || hasOlder || !complete
                        ? recorded(before ?? chunk.messages[0])
                        : Number.NEGATIVE_INFINITY,
                      i === chunks.length - 1,
                    )}
                    interaction={interaction}
                    onQuote={props.onQuote}
                    onJump={setTarget}
                  />
                )}
              </LazyChunk>
            );
          })}
          {pending
            .filter((p) => !messages.some((m) => m.id === p.id))
            .map((p) => (
              <PendingBubble
                key={p.id}
                pending={p}
                onRetry={() => props.onRetry(p.id)}
                onDiscard={() => props.onDiscard(p.id)}
              />
            ))}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          onClick={toEnd}
          className={cn(
            "absolute inset-e-4 bottom-3 flex h-8 animate-rise items-center gap-1.5 rounded-full border",
            "border-line-strong bg-raised px-3 text-sm shadow-high",
          )}
        >
          <ArrowDown size={14} />
          {newBelow > 0 ? t("conversation.newBelow", { count: newBelow }) : t("conversation.jump")}
        </button>
      )}
    </div>
  );
}

function recorded(m: MessageFieldsFragment | undefined): number {
  return m ? Date.parse(m.recordedAt) : Number.NEGATIVE_INFINITY;
}

/** Lays out a chunk. The message above it decides about the first day separator and the grouping. */
function withAbove(above: MessageFieldsFragment | undefined, messages: MessageFieldsFragment[]): Line[] {
  if (!above) return lines(messages);
  const all = lines([above, ...messages]);
  return all.slice(all.findIndex((l) => l.kind === "message") + 1);
}

type LinesProps = Pick<Props, "interaction" | "onQuote"> & { list: Line[]; onJump: (id: string) => void };

function Lines({ list, interaction, onQuote, onJump }: LinesProps) {
  const meId = useMe()?.user.id;
  const locale = useLocale();
  return list.map((line) =>
    line.kind === "day" ? (
      <div key={line.key} className="my-3 flex justify-center">
        <span className="rounded-full border border-line bg-raised px-2.5 py-0.5 font-medium text-muted text-xs">
          {formatDay(line.at, locale)}
        </span>
      </div>
    ) : line.kind === "handover" ? (
      <HandoverNote key={line.key} handover={line.handover} />
    ) : (
      <Bubble
        key={line.key}
        message={line.message}
        follows={line.follows}
        meId={meId}
        customer={interaction.customer.displayName}
        canReply={interaction.actions.includes("REPLY")}
        onQuote={onQuote}
        onJump={onJump}
      />
    ),
  );
}

function HandoverNote({ handover: { at, from, to, note } }: { handover: Handover }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div
      data-handover=""
      className={cn(
        "pad-bubble mt-2.5 w-full max-w-[44rem] self-center rounded-xl border border-note-line border-dashed bg-note",
        "px-3 text-note-text",
      )}
    >
      <p className="flex items-center gap-1.5 font-medium text-xs">
        <ArrowRightLeft size={12} className="shrink-0" />
        <span className="min-w-0 flex-1">{t("conversation.handoverNote", { from, to })}</span>
        <time dateTime={at} className="nums shrink-0 font-normal">
          {formatTime(at, locale)}
        </time>
      </p>
      <div className="whitespace-pre-wrap break-words">
        <MarkedText text={note} />
      </div>
    </div>
  );
}

/** How far outside the viewport, in pixels, messages are loaded and rendered. */
const loadDistance = 1500;

/** Renders its content near the viewport, and only its height elsewhere. */
function LazyChunk({
  root,
  keep,
  children,
}: {
  root: { current: HTMLElement | null };
  keep: boolean;
  children: () => ReactNode;
}) {
  const chunk = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const el = chunk.current;
    if (!el || keep) {
      setHeight(null); // a message to jump to must be rendered, so that it can be found
      return;
    }
    const watch = new IntersectionObserver(
      ([entry]) => setHeight(entry && !entry.isIntersecting ? el.offsetHeight : null),
      { root: root.current, rootMargin: `${loadDistance}px 0px` },
    );
    watch.observe(el);
    return () => watch.disconnect();
  }, [root, keep]);
  return (
    <div ref={chunk} style={keep || height === null ? undefined : { height }} className="flex flex-col">
      {(keep || height === null) && children()}
    </div>
  );
}
