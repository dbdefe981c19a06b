import { FileText, MapPin, Phone, PhoneMissed, UserRound } from "lucide-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
import { callText } from "@/lib/call";
import { cn } from "@/lib/cn";
import { fileKind, honestName } from "@/lib/fileName";
import { money } from "@/lib/money";
import { Badge } from "@/ui/Badge";
import { FileName } from "@/ui/FileName";
import { callPermissionText } from "./call";
import { FoldedText } from "./FoldedText";
import { failureText, unsupportedText } from "./failure";
import { noticeText } from "./notice";
import { MarkedText } from "./Text";
import { Unplayable } from "./Unplayable";
import { VoicePlayer } from "./VoicePlayer";
import { peaksAt } from "./waveform";

type Props = { message: MessageFieldsFragment };

/** Shows a message's content by its kind. */
export function Body({ message: m }: Props) {
  const { t } = useTranslation();
  switch (m.kind) {
    case "REPLY":
      return (
        <>
          <FoldedText id={m.id} text={m.text} />
          {m.description && <span className="block text-bubble-muted text-sm">{m.description}</span>}
        </>
      );
    case "TEXT":
      return <FoldedText id={m.id} text={m.text} />;
    case "SYSTEM":
      return <Notice message={m} />;
    case "CALL":
      return <CallLine message={m} />;
    case "CALL_PERMISSION":
      return <CallPermissionLine message={m} />;
    case "HANDOVER":
      return (
        <>
          <span className="block font-medium">
            {m.description
              ? t("conversation.handoverFrom", { app: m.description.replaceAll("_", " ") })
              : t("conversation.kind.HANDOVER")}
          </span>
          {m.text && <FoldedText id={m.id} text={m.text} />}
        </>
      );
    case "IMAGE":
    case "VIDEO":
    case "AUDIO":
    case "VOICE":
    case "DOCUMENT":
    case "STICKER":
      return (
        <>
          <MediaView message={m} />
          {m.text && <FoldedText id={m.id} text={m.text} />}
        </>
      );
    case "LOCATION":
      return <LocationView message={m} />;
    case "CONTACTS":
      return <ContactCards message={m} />;
    case "FORM":
      return (
        <>
          <LabelledText message={m} />
          <FormAnswers details={m.details} />
        </>
      );
    case "ORDER":
      return (
        <>
          <LabelledText message={m} />
          <OrderView order={m.order} />
        </>
      );
    case "TEMPLATE":
    case "WELCOME":
      return <LabelledText message={m} />;
    case "REACTION":
      return <span>{m.text}</span>;
    case "UNSUPPORTED":
      return (
        <em className="text-bubble-muted">
          {m.failure && m.failure.reason !== "CONTENT_UNSUPPORTED"
            ? failureText(m.failure, t)
            : unsupportedText(m.description, t)}
        </em>
      );
  }
}

/** Shows what a notice is about, followed by the provider's own words. */
function Notice({ message: m }: Props) {
  const { t } = useTranslation();
  const about = noticeText(m.description, t);
  if (!about) return m.text ? <FoldedText id={m.id} text={m.text} /> : <LabelledText message={m} />;
  return (
    <>
      <span className="block font-medium">{about}</span>
      {m.text && <FoldedText id={m.id} text={m.text} />}
    </>
  );
}

/** Shows the kind as a badge, followed by the text. */
function LabelledText({ message: m }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Badge tone="system">{t(`conversation.kind.${m.kind}`)}</Badge> <FoldedText id={m.id} text={m.text} />
    </>
  );
}

function CallLine({ message: m }: Props) {
  const { t } = useTranslation();
  const Icon = m.call?.outcome === "MISSED" ? PhoneMissed : Phone;
  return (
    <span className="flex items-center gap-2">
      <Icon size={16} className={cn("shrink-0", m.call?.outcome === "MISSED" && "text-danger")} />
      {callText(m.call, m.author === "CUSTOMER", t)}
    </span>
  );
}

function CallPermissionLine({ message: m }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <span className="flex items-center gap-2">
      <Phone size={16} className="shrink-0" />
      {callPermissionText(m.callPermission, t, locale)}
    </span>
  );
}

/** Shows a form's answers, one row each. */
function FormAnswers({ details }: Pick<MessageFieldsFragment, "details">) {
  if (details.length === 0) return null;
  return (
    <dl className="my-1 grid grid-cols-[fit-content(45%)_1fr] gap-x-3 gap-y-1 rounded-lg bg-surface px-3 py-2 text-text">
      {details.map(({ label, value }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a form may repeat a question, and answers never move
        <Fragment key={i}>
          <dt className={label ? "text-muted" : "sr-only"}>{label}</dt>
          <dd className={cn("min-w-0", !label && "col-span-2")}>{value || "–"}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Shows an order's items and total. */
function OrderView({ order }: Pick<MessageFieldsFragment, "order">) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (!order) return null;
  return (
    <table className="my-1 w-full rounded-lg bg-surface text-text">
      <thead className="sr-only">
        <tr>
          <th scope="col">{t("conversation.order.product")}</th>
          <th scope="col">{t("conversation.order.quantity")}</th>
          <th scope="col">{t("conversation.order.price")}</th>
        </tr>
      </thead>
      <tbody>
        {order.items.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an order may repeat a product, and items never move
          <tr key={i} className="align-baseline">
            <td className="px-3 pt-2 [overflow-wrap:anywhere]">{item.productId || "–"}</td>
            <td className="nums whitespace-nowrap pt-2 text-end text-muted">
              {item.quantity.toLocaleString(locale)} ×
            </td>
            <td className="nums whitespace-nowrap px-3 pt-2 text-end">{money(item.price, item.currency, locale)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {order.total !== null && (
          <tr className="font-semibold">
            <th scope="row" colSpan={2} className="px-3 py-2 text-start font-semibold">
              {t("conversation.order.total")}
            </th>
            <td className="nums whitespace-nowrap px-3 py-2 text-end">
              {money(order.total, order.currency ?? "", locale)}
            </td>
          </tr>
        )}
      </tfoot>
    </table>
  );
}

/** Reports whether a file should have been downloaded by now. It is still tried for days. */
function isLate(recordedAt: string): boolean {
  return Date.now() - Date.parse(recordedAt) > 5 * 60_000;
}

function MediaView({ message: m }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { media } = m;
  const word = t(`conversation.kind.${m.kind}`);
  const name = media?.fileName ?? word;
  if (media?.state !== "STORED" || !media.url) {
    return (
      <span className="my-1 flex items-center gap-2 rounded-lg bg-surface px-3 py-2.5 text-muted">
        <FileText size={16} />
        <FileName name={name} /> ·{" "}
        {media?.state !== "FAILED"
          ? t(isLate(m.recordedAt) ? "conversation.media.late" : "conversation.media.pending")
          : m.failure
            ? failureText(m.failure, t)
            : t("conversation.media.failed")}
      </span>
    );
  }
  if (m.kind === "IMAGE" || m.kind === "STICKER") {
    return (
      <a
        href={media.url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={t("conversation.media.open")}
        className="-mx-1.5 my-0.5 block"
      >
        <img
          src={media.url}
          alt={m.text || word}
          loading="lazy"
          className={
            m.kind === "STICKER"
              ? "size-36 object-contain"
              : "max-h-80 min-h-24 min-w-32 max-w-full rounded-lg object-contain"
          }
        />
      </a>
    );
  }
  if (m.kind === "VIDEO") {
    return <VideoView url={media.url} what={word} />;
  }
  if (m.kind === "AUDIO" || m.kind === "VOICE") {
    const { url, size } = media;
    return <VoicePlayer url={url} label={word} peaks={() => peaksAt(url, size)} />;
  }
  const honest = honestName(name);
  const kind = fileKind(name, media.mimeType);
  const facts = [kind.label, media.size !== null && bytes(media.size, locale)].filter(Boolean).join(" · ");
  return (
    <a
      href={media.url}
      download={honest}
      title={t("conversation.media.download", { name: honest })}
      className="my-1 flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5 text-text hover:bg-hover"
    >
      <FileText size={20} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <FileName name={name} />
        {facts && <span className="nums block text-muted text-sm">{facts}</span>}
        {kind.promised && (
          <span className="block text-sm text-warn">{t("conversation.media.notA", { kind: kind.promised })}</span>
        )}
        {kind.program && <span className="block text-danger text-sm">{t("conversation.media.program")}</span>}
      </span>
    </a>
  );
}

function VideoView({ url, what }: { url: string; what: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <Unplayable url={url} what={what} />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: customers' videos have no captions
    <video
      src={url}
      controls
      preload="metadata"
      onError={() => setBroken(true)}
      className="-mx-1.5 my-0.5 max-h-80 max-w-full rounded-lg"
    />
  );
}

function LocationView({ message: { location, text } }: Props) {
  if (!location) return <MarkedText text={text} />;
  const { latitude, longitude } = location;
  const where = `${latitude},${longitude}`;
  return (
    <a
      href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
      target="_blank"
      rel="noopener noreferrer"
      className="my-1 flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5 text-text hover:bg-hover"
    >
      <MapPin size={20} className="shrink-0 text-danger" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{location.name ?? where}</span>
        <span className="block truncate text-muted text-sm">{location.address ?? where}</span>
      </span>
    </a>
  );
}

function ContactCards({ message: { cards } }: Props) {
  return cards.map((card) => (
    <span
      key={`${card.name}${card.company}${card.phones.join()}`}
      className="my-1 flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5 text-text"
    >
      <UserRound size={20} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{card.name || card.company}</span>
        {card.name && card.company && <span className="block truncate text-sm">{card.company}</span>}
        <span className="nums block truncate text-muted text-sm">{[...card.phones, ...card.emails].join(" · ")}</span>
      </span>
    </span>
  ));
}
