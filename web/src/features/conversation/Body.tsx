import { FileText, MapPin, UserRound } from "lucide-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
import { cn } from "@/lib/cn";
import { money } from "@/lib/money";
import { Badge } from "@/ui/Badge";
import { MarkedText } from "./Text";
import { VoicePlayer } from "./VoicePlayer";
import { peaksAt } from "./waveform";

type Props = { message: MessageFieldsFragment };

/** What a message carries, each kind in its own way; what cannot be shown says so. */
export function Body({ message: m }: Props) {
  const { t } = useTranslation();
  switch (m.kind) {
    case "TEXT":
    case "REPLY":
    case "SYSTEM":
      return <MarkedText text={m.text} />;
    case "IMAGE":
    case "VIDEO":
    case "AUDIO":
    case "VOICE":
    case "DOCUMENT":
    case "STICKER":
      return (
        <>
          <MediaView message={m} />
          {m.text && <MarkedText text={m.text} />}
        </>
      );
    case "LOCATION":
      return <Place message={m} />;
    case "CONTACTS":
      return <Cards message={m} />;
    case "FORM":
      return (
        <>
          <Named message={m} />
          <Details details={m.details} />
        </>
      );
    case "ORDER":
      return (
        <>
          <Named message={m} />
          <Ordered order={m.order} />
        </>
      );
    case "TEMPLATE":
    case "WELCOME":
      return <Named message={m} />;
    case "REACTION":
      return <span>{m.text}</span>;
    case "UNSUPPORTED":
      return <em className="text-bubble-muted">{m.text || t("conversation.kind.UNSUPPORTED")}</em>;
  }
}

/** What kind it is, and its words if it has any. */
function Named({ message: m }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Badge tone="system">{t(`conversation.kind.${m.kind}`)}</Badge> <MarkedText text={m.text} />
    </>
  );
}

/** What was filled in, one row each: the names stand under each other when there is room. */
function Details({ details }: Pick<MessageFieldsFragment, "details">) {
  if (details.length === 0) return null;
  return (
    <dl className="my-1 grid grid-cols-[fit-content(45%)_1fr] gap-x-3 gap-y-1 rounded-lg bg-surface px-3 py-2 text-text">
      {details.map(({ label, value }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a form may ask the same twice, and its answers never move
        <Fragment key={i}>
          <dt className={label ? "text-muted" : "sr-only"}>{label}</dt>
          <dd className={cn("min-w-0", !label && "col-span-2")}>{value || "–"}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The lines of an order, and what they come to. */
function Ordered({ order }: Pick<MessageFieldsFragment, "order">) {
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
          // biome-ignore lint/suspicious/noArrayIndexKey: an order may name a product twice, and its lines never move
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
        {name} · {media?.state === "FAILED" ? t("conversation.media.failed") : t("conversation.media.pending")}
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
    return (
      // biome-ignore lint/a11y/useMediaCaption: what customers film has no captions
      <video src={media.url} controls preload="metadata" className="-mx-1.5 my-0.5 max-h-80 max-w-full rounded-lg" />
    );
  }
  if (m.kind === "AUDIO" || m.kind === "VOICE") {
    const { url, size } = media;
    return <VoicePlayer url={url} label={word} peaks={() => peaksAt(url, size)} />;
  }
  return (
    <a
      href={media.url}
      download={media.fileName ?? ""}
      title={t("conversation.media.download", { name })}
      className="my-1 flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5 text-text hover:bg-hover"
    >
      <FileText size={20} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{name}</span>
        {media.size !== null && <span className="nums block text-muted text-sm">{bytes(media.size, locale)}</span>}
      </span>
    </a>
  );
}

function Place({ message: { location, text } }: Props) {
  if (!location) return <MarkedText text={text} />;
  const where = `${location.latitude},${location.longitude}`;
  return (
    <a
      href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=16/${location.latitude}/${location.longitude}`}
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

function Cards({ message: { cards } }: Props) {
  return cards.map((card) => (
    <span
      key={`${card.name}${card.phones.join()}`}
      className="my-1 flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5 text-text"
    >
      <UserRound size={20} className="shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{card.name}</span>
        <span className="nums block truncate text-muted text-sm">{[...card.phones, ...card.mails].join(" · ")}</span>
      </span>
    </span>
  ));
}
