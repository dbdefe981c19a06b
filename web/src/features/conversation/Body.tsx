import { FileText, MapPin, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { bytes } from "@/lib/bytes";
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
    case "TEMPLATE":
    case "ORDER":
    case "FORM":
    case "WELCOME":
      return (
        <>
          <Badge tone="system">
            {t(
              `conversation.${m.kind === "TEMPLATE" ? "template" : m.kind === "ORDER" ? "order" : m.kind === "FORM" ? "form" : "welcome"}`,
            )}
          </Badge>{" "}
          <MarkedText text={m.text} />
        </>
      );
    case "REACTION":
      return <span>{m.text}</span>;
    case "UNSUPPORTED":
      return <em className="text-bubble-muted">{m.text || t("conversation.unsupported")}</em>;
  }
}

function MediaView({ message: m }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { media } = m;
  const word = t(`conversation.media.${m.kind as "IMAGE"}`);
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
