import type { TFunction } from "i18next";
import { ArrowRightLeft, MessageCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import { useLocale } from "@/i18n/locale";
import { previewText } from "@/lib/preview";
import { formatDuration, useNow } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { CountdownRing } from "@/ui/Rings";
import type { Incoming } from "./useOffers";

type Props = {
  incoming: Incoming;
  first: boolean;
  refusal: string | undefined;
  onAccept: () => void;
  onReject: () => void;
};

/** One offer or transfer: the customer, how long they have waited, their last message and the time left to answer. */
export function OfferCard({ incoming, first, refusal, onAccept, onReject }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const interaction = readFragment(InteractionFields, incoming.row.interaction);
  const name = interaction.customer.displayName;
  const source =
    incoming.kind === "offer" ? incoming.row.queue.name : t("offer.transferFrom", { name: incoming.row.from.name });
  const text =
    incoming.kind === "offer"
      ? previewText(incoming.row.firstMessage, t)
      : incoming.row.note || previewText(interaction.preview, t, interaction.lastMessageDirection);
  const since = incoming.kind === "offer" ? Date.parse(incoming.row.waitingSince) : null;
  const announcement =
    incoming.kind === "offer"
      ? t("offer.announce", { name, queue: incoming.row.queue.name })
      : t("offer.transferAnnounce", { from: incoming.row.from.name, name });
  const Icon = incoming.kind === "offer" ? MessageCircle : ArrowRightLeft;
  return (
    <article
      aria-label={announcement}
      data-offer={incoming.id}
      className="pointer-events-auto animate-rise overflow-hidden rounded-xl border border-line-strong bg-raised shadow-high"
    >
      <header className="flex items-center gap-3 px-4 pt-3.5">
        <Avatar name={name} size="lg" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold text-lg leading-6">{name}</p>
          <p className="flex items-center gap-1.5 truncate text-muted text-sm">
            <Icon size={13} className="shrink-0" />
            <span className="truncate">{source}</span>
            {since !== null && (
              <>
                <span aria-hidden="true">·</span>
                <span className="nums shrink-0">
                  {t("offer.waiting", { time: formatDuration(now - since, locale) })}
                </span>
              </>
            )}
          </p>
        </div>
        <CountdownRing startAt={incoming.startAt} endAt={incoming.endAt} label={(time) => t("offer.left", { time })} />
      </header>
      <p className="line-clamp-3 whitespace-pre-line break-words px-4 pt-2.5">{text}</p>
      {refusal && (
        <p role="alert" className="mx-4 mt-2 rounded-md bg-danger-soft px-2.5 py-1.5 text-danger text-sm">
          {refusal}
        </p>
      )}
      <footer className="flex gap-2 p-3 pt-3.5">
        <Button tone="plain" onClick={onReject} className="flex-1">
          {t("offer.reject")}
          {first && <Kbd name="reject" />}
        </Button>
        <Button tone="primary" onClick={onAccept} className="flex-[2]">
          {t("offer.accept")}
          {first && <Kbd name="accept" inverse />}
        </Button>
      </footer>
    </article>
  );
}

/** Says how an offer ended that this agent did not answer. */
export function EndedCard({ incoming }: { incoming: Incoming }) {
  const { t } = useTranslation();
  const interaction = readFragment(InteractionFields, incoming.row.interaction);
  return (
    <p
      data-ended={incoming.id}
      className="pointer-events-auto flex animate-rise items-center gap-2.5 rounded-lg border border-line bg-raised px-3 py-2 shadow-high"
    >
      <Avatar name={interaction.customer.displayName} size="sm" />
      <span className="min-w-0 flex-1 truncate">{interaction.customer.displayName}</span>
      <span className="text-muted">{ending(incoming, t)}</span>
    </p>
  );
}

function ending(incoming: Incoming, t: TFunction): string {
  if (incoming.kind === "transfer") {
    if (incoming.row.acceptedBy) return t("offer.taken", { name: incoming.row.acceptedBy.name });
    return incoming.row.status === "EXPIRED" ? t("offer.expired") : t("offer.withdrawn");
  }
  switch (incoming.row.state) {
    case "TAKEN":
      return incoming.row.takenBy ? t("offer.taken", { name: incoming.row.takenBy.name }) : t("offer.withdrawn");
    case "EXPIRED":
      return t("offer.expired");
    case "ACCEPTED":
      return t("offer.takenByYou");
    case "PENDING":
    case "REJECTED":
    case "WITHDRAWN":
      return t("offer.withdrawn");
  }
}
