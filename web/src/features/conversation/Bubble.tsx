import { Ban, Forward, Megaphone, RotateCcw, ShoppingBag, StickyNote, Trash2, Volume2 } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { cn } from "@/lib/cn";
import { formatExactTime, formatTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Ticks } from "@/ui/Ticks";
import { Body } from "./Body";
import { BubbleTools } from "./BubbleTools";
import { failureText } from "./failure";
import { isOnlyEmoji } from "./formatting";
import { useRevokeNote } from "./useNotes";

const RetryMessage = graphql(`
  mutation RetryMessage($input: RetryMessageInput!) {
    retryMessage(input: $input) {
      message {
        ...MessageFields
        id
        interactionId
      }
    }
  }
`);

const look = {
  CUSTOMER: "self-start rounded-es-sm bg-customer text-customer-text",
  AGENT: "self-end rounded-ee-sm bg-us text-us-text",
  SYSTEM: "self-end rounded-ee-sm bg-system text-system-text",
  PHONE_APP: "self-end rounded-ee-sm bg-us text-us-text",
  OTHER_APP: "self-end rounded-ee-sm bg-us text-us-text",
  NOTE: "self-center w-full max-w-[44rem] border border-note-line border-dashed bg-note text-note-text",
  WHISPER: "self-center w-full max-w-[44rem] border border-whisper-line border-dashed bg-whisper text-whisper-text",
} as const;

type Props = {
  message: MessageFieldsFragment;
  follows: boolean;
  meId: string | undefined;
  customer: string;
  canReply: boolean;
  onQuote: (m: MessageFieldsFragment) => void;
  onJump: (id: string) => void;
};

/** One message. Side and colour show its author; notes and whispers are centred. */
export const Bubble = memo(function Bubble({ message: m, follows, meId, customer, canReply, onQuote, onJump }: Props) {
  const { t } = useTranslation();
  const internal = m.author === "NOTE" || m.author === "WHISPER";
  const own = m.by?.id === meId;
  const elsewhere = m.author === "PHONE_APP" || m.author === "OTHER_APP";
  const name =
    m.author === "CUSTOMER"
      ? customer
      : m.author === "SYSTEM"
        ? t("common.system")
        : m.author === "PHONE_APP" || m.author === "OTHER_APP"
          ? t(`conversation.sentFrom.${m.author}`)
          : own
            ? t("conversation.you")
            : (m.by?.name ?? "");
  const onlyEmoji = m.kind === "TEXT" && !m.quoted && isOnlyEmoji(m.text);
  const gone = m.revoked || m.erased;
  return (
    <article
      data-message={m.id}
      data-author={m.author}
      data-status={m.status ?? undefined}
      tabIndex={-1}
      className={cn(
        "group outline-none relative flex max-w-full flex-col",
        follows ? "mt-0.5" : "mt-2.5",
        m.reactions.length > 0 && "mb-3",
      )}
    >
      <span className="sr-only">{name}:</span>
      <div className={cn("pad-bubble relative min-w-0 max-w-[min(36rem,86%)] rounded-xl px-3", look[m.author])}>
        {internal && <NoteHeader message={m} name={name} own={own} />}
        {!internal && !follows && m.author !== "CUSTOMER" && !own && (
          <p className="font-semibold text-bubble-muted text-xs">{name}</p>
        )}
        {m.forwarded && (
          <p className="flex items-center gap-1 text-bubble-muted text-xs italic">
            <Forward size={12} />
            {t("conversation.forwarded")}
          </p>
        )}
        {!gone && <ReferralSource message={m} />}
        {m.quoted && (
          <Quoted
            quoted={m.quoted}
            name={m.quoted.author === "CUSTOMER" ? customer : t("conversation.you")}
            onJump={onJump}
          />
        )}
        {m.quotesUnknown && !gone && (
          <p className="mb-1 rounded-md border-line-strong border-s-3 bg-surface px-2 py-1 text-muted text-sm italic">
            {t("conversation.quotesUnknown")}
          </p>
        )}
        <div className={cn("flow-root min-w-0 whitespace-pre-wrap break-words", gone && "text-bubble-muted italic")}>
          {gone ? (
            <>
              <Ban size={13} className="me-1.5 mb-0.5 inline" />
              {t(m.erased ? "conversation.erased" : internal ? "conversation.noteRevoked" : "conversation.revoked")}
            </>
          ) : (
            <span className={onlyEmoji ? "text-[2rem] leading-10" : ""}>
              <Body message={m} />
            </span>
          )}
          {!internal && <Meta message={m} />}
        </div>
        {m.reactions.length > 0 && (
          <p
            className={cn(
              "absolute inset-s-2 -bottom-3.5 flex h-5 items-center gap-0.5 rounded-full border border-line",
              "bg-raised px-1.5 text-sm shadow-low",
            )}
          >
            {m.reactions.map((r) => (
              <span key={`${r.author}${r.emoji}`}>{r.emoji}</span>
            ))}
          </p>
        )}
        {!gone && !internal && <BubbleTools message={m} canReply={canReply} onQuote={onQuote} />}
      </div>
      {(m.status === "FAILED" || m.status === "UNKNOWN") && !elsewhere && <DeliveryProblem message={m} />}
    </article>
  );
});

/** Shows what made the customer write: an advertisement or a product page. */
function ReferralSource({ message: { referral, product } }: { message: MessageFieldsFragment }) {
  const { t } = useTranslation();
  const headline = referral?.headline ?? referral?.body;
  const kind = referral?.type === "POST" ? "post" : "ad";
  const from = headline ? t(`conversation.from.${kind}`, { headline }) : t(`conversation.from.${kind}Unnamed`);
  return (
    <>
      {referral && (
        <p title={referral.body ?? undefined} className="flex items-baseline gap-1 text-bubble-muted text-xs">
          <Megaphone size={12} className="shrink-0 translate-y-0.5" />
          {referral.url ? (
            <a href={referral.url} target="_blank" rel="noopener noreferrer" className="line-clamp-2 underline">
              {from}
            </a>
          ) : (
            <span className="line-clamp-2">{from}</span>
          )}
        </p>
      )}
      {product && (
        <p className="flex items-baseline gap-1 text-bubble-muted text-xs">
          <ShoppingBag size={12} className="shrink-0 translate-y-0.5" />
          <span className="line-clamp-2 [overflow-wrap:anywhere]">
            {t("conversation.from.product", { id: product.productId })}
          </span>
        </p>
      )}
    </>
  );
}

type QuotedProps = {
  quoted: NonNullable<MessageFieldsFragment["quoted"]>;
  name: string;
  onJump: (id: string) => void;
};

/** The message this one replies to. A click scrolls to it. */
function Quoted({ quoted, name, onJump }: QuotedProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      title={t("conversation.goToMessage")}
      onClick={() => onJump(quoted.id)}
      className={cn(
        "mb-1 line-clamp-2 w-full rounded-md border-accent border-s-3 bg-surface px-2 py-1 text-start",
        "text-muted text-sm hover:bg-hover",
      )}
    >
      <span className="font-medium text-accent">{name}</span> {quoted.text || t(`conversation.kind.${quoted.kind}`)}
    </button>
  );
}

function NoteHeader({ message, name, own }: { message: MessageFieldsFragment; name: string; own: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const Icon = message.author === "NOTE" ? StickyNote : Volume2;
  return (
    <p className="flex items-center gap-1.5 font-medium text-xs">
      <Icon size={12} />
      {t(message.author === "NOTE" ? "conversation.note" : "conversation.whisper")} · {name}
      <span className="flex-1" />
      {own && !message.revoked && <RevokeNote message={message} />}
      <time dateTime={message.sentAt} title={formatExactTime(message.sentAt, locale)} className="nums font-normal">
        {formatTime(message.sentAt, locale)}
      </time>
    </p>
  );
}

function RevokeNote({ message }: { message: MessageFieldsFragment }) {
  const { t } = useTranslation();
  const revoke = useRevokeNote(message);
  return (
    <button
      type="button"
      title={t("conversation.revokeNote")}
      aria-label={t("conversation.revokeNote")}
      onClick={() => void revoke()}
      className={cn(
        "grid size-6 place-items-center rounded-sm opacity-0 hover:bg-hover focus-visible:opacity-100",
        "group-hover:opacity-100 group-focus-within:opacity-100 [@media(hover:none)]:opacity-100",
      )}
    >
      <Trash2 size={13} />
    </button>
  );
}

function Meta({ message: m }: { message: MessageFieldsFragment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const steps: [string, string | null][] = [
    [t("tick.times.recorded"), m.recordedAt],
    [t("tick.times.accepted"), m.acceptedAt],
    [t("tick.times.delivered"), m.deliveredAt],
    [t("tick.times.read"), m.readAt],
  ];
  const hover = steps.flatMap(([word, at]) => (at ? [`${word} ${formatExactTime(at, locale)}`] : [])).join("\n");
  return (
    <p
      title={hover}
      className="nums float-end ms-3 mt-1.5 -mb-0.5 flex items-center gap-1 text-bubble-muted text-xs not-italic"
    >
      {m.edited && <span>{t("conversation.edited")}</span>}
      {m.delayed && <span>{t("conversation.delayed")}</span>}
      <time dateTime={m.sentAt}>{formatTime(m.sentAt, locale)}</time>
      {m.status && m.author !== "CUSTOMER" && <Ticks status={m.status} label={t(`tick.${m.status}`)} />}
    </p>
  );
}

/** Explains a failed message and offers a retry. For an unknown outcome, it asks first. */
function DeliveryProblem({ message: m }: { message: MessageFieldsFragment }) {
  const { t } = useTranslation();
  const retry = useCommand(RetryMessage);
  const words =
    m.status === "UNKNOWN" ? t("tick.confirmResend") : m.failure ? failureText(m.failure, t) : t("tick.FAILED");
  return (
    <div
      role="alert"
      className={cn(
        "mt-1 flex max-w-[36rem] flex-wrap items-center justify-end gap-2 self-end text-sm",
        m.status === "FAILED" ? "text-danger" : "text-warn",
      )}
    >
      <span>{words}</span>
      {m.retriedBy ? (
        <span className="text-muted">{t("tick.resentBelow")}</span>
      ) : (
        <Button size="sm" onClick={() => void retry({ interactionId: m.interactionId, messageId: m.id })}>
          <RotateCcw size={13} />
          {m.status === "UNKNOWN" ? t("tick.resend") : t("common.retry")}
        </Button>
      )}
    </div>
  );
}
