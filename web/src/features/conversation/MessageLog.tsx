import { ArrowDown } from "lucide-react";
import { type ReactNode, startTransition, type UIEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { useLocale } from "@/i18n/locale";
import { dayName, moment } from "@/lib/time";
import { Bubble } from "./Bubble";
import { createChunker, type Line, lines } from "./layout";
import type { Pending } from "./outbox";
import { PendingBubble } from "./PendingBubble";

type Props = {
  interaction: InteractionFieldsFragment;
  messages: readonly MessageFieldsFragment[];
  pending: readonly Pending[];
  onRetry: (id: string) => void;
  onDiscard: (id: string) => void;
  hasOlder: boolean;
  onOlder: () => boolean;
  onQuote: (m: MessageFieldsFragment) => void;
  onEnd: (atEnd: boolean) => void;
};

/** What is drawn before anything else; the rest of the first page follows once this is on the screen. */
const screenful = 24;

/**
 * The log. It is laid out from its end, so older messages join above without moving what is read;
 * pieces far from the window are replaced by their height.
 */
export function MessageLog(props: Props) {
  const { interaction, pending, onOlder, onEnd } = props;
  const [whole, setWhole] = useState(false);
  useEffect(() => startTransition(() => setWhole(true)), []);
  const messages = useMemo(() => (whole ? props.messages : props.messages.slice(-screenful)), [whole, props.messages]);
  const hasOlder = props.hasOlder && whole;
  const begins = whole && !props.hasOlder;
  const { t } = useTranslation();
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const [sought, setSought] = useState<string | null>(null);
  const [chunker] = useState(createChunker);
  const chunks = useMemo(() => chunker(messages), [chunker, messages]);
  const [atEnd, setAtEnd] = useState(true);
  const [seenAt, setSeenAt] = useState(0);
  const position = messages.at(-1)?.position ?? 0;
  const below = atEnd ? 0 : messages.filter((m) => m.position > seenAt && m.author === "CUSTOMER").length;

  const onScroll = (e: UIEvent<HTMLDivElement>) => {
    askAhead();
    const end = e.currentTarget.scrollTop > -48;
    if (end !== atEnd) {
      setAtEnd(end);
      onEnd(end);
      if (!end) setSeenAt(position);
    }
  };
  /** Asks for the page above soon enough that nobody waits for it. */
  const askAhead = () => {
    const el = box.current;
    if (hasOlder && el && el.scrollHeight - el.clientHeight + el.scrollTop < ahead) onOlder();
  };
  const toEnd = () => box.current?.scrollTo({ top: 0 });
  const soughtHere = sought !== null && messages.some((m) => m.id === sought);
  const oldest = messages[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that has come may not fill the window
  useEffect(askAhead, [oldest, hasOlder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that has come is looked through anew
  useEffect(() => {
    if (sought === null) return;
    if (soughtHere) {
      const el = box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(sought)}"]`);
      el?.scrollIntoView({ block: "center" });
      el?.focus({ preventScroll: true });
      el?.animate?.({ backgroundColor: ["var(--selected)", "transparent"] }, { duration: 1600 });
      setSought(null);
    } else if (!hasOlder) setSought(null);
    else onOlder();
  }, [sought, soughtHere, hasOlder, oldest]);
  const sent = pending.length;
  useEffect(() => {
    if (sent > 0) box.current?.scrollTo({ top: 0 });
  }, [sent]);

  let above: MessageFieldsFragment | undefined;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
        tabIndex={0}
        role="log"
        aria-label={t("conversation.log")}
        data-log=""
        className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div className="flex flex-col px-4 pb-3 md:px-6">
          {hasOlder ? (
            // Whoever waits at the top keeps the message he reads in place, not this line.
            <p className="animate-skeleton py-4 text-center text-muted text-sm [overflow-anchor:none]">
              {t(sought === null ? "conversation.older" : "conversation.seeking")}
            </p>
          ) : (
            begins && (
              <p className="py-6 text-center text-muted text-sm">
                {t("conversation.start", { time: moment(interaction.startedAt, locale) })}
              </p>
            )
          )}
          {chunks.map((chunk, i) => {
            const before = above;
            above = chunk.messages.at(-1);
            return (
              <Piece
                key={chunk.id}
                root={box}
                keep={i === chunks.length - 1 || (soughtHere && chunk.messages.some((m) => m.id === sought))}
              >
                {() => (
                  <Lines
                    list={withAbove(before, chunk.messages)}
                    interaction={interaction}
                    onQuote={props.onQuote}
                    onJump={setSought}
                  />
                )}
              </Piece>
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
          className="absolute inset-e-4 bottom-3 flex h-8 animate-rise items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-sm shadow-high"
        >
          <ArrowDown size={14} />
          {below > 0 ? t("conversation.newBelow", { count: below }) : t("conversation.jump")}
        </button>
      )}
    </div>
  );
}

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
          {dayName(line.at, locale)}
        </span>
      </div>
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

const ahead = 1500; // pixels
const margin = `${ahead}px 0px`;

/** Draws its content near the window, and only its height elsewhere. */
function Piece({
  root,
  keep,
  children,
}: {
  root: { current: HTMLElement | null };
  keep: boolean;
  children: () => ReactNode;
}) {
  const me = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const el = me.current;
    if (!el || keep) {
      setHeight(null); // what is kept is on the page before anybody looks for it
      return;
    }
    const watch = new IntersectionObserver(
      ([entry]) => setHeight(entry && !entry.isIntersecting ? el.offsetHeight : null),
      { root: root.current, rootMargin: margin },
    );
    watch.observe(el);
    return () => watch.disconnect();
  }, [root, keep]);
  return (
    <div ref={me} style={keep || height === null ? undefined : { height }} className="flex flex-col">
      {(keep || height === null) && children()}
    </div>
  );
}
