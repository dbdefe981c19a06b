import { ArrowRightLeft, MessageCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import { lasted, useNow } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { CountdownRing } from "@/ui/Rings";
import type { Call } from "./useOffers";

type Props = { call: Call; first: boolean; refusal: string | undefined; onAccept: () => void; onReject: () => void };

/** One call: who, from where, since when, what they said, and how long is left to answer. */
export function OfferCard({ call, first, refusal, onAccept, onReject }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const interaction = readFragment(InteractionFields, call.row.interaction);
  const name = interaction.customer.displayName;
  const place = call.kind === "offer" ? call.row.queue.name : t("offer.transferFrom", { name: call.row.from.name });
  const words = call.kind === "offer" ? call.row.firstMessage : call.row.note || interaction.preview;
  const since = call.kind === "offer" ? Date.parse(call.row.waitingSince) : null;
  const spoken =
    call.kind === "offer"
      ? t("offer.announce", { name, queue: call.row.queue.name })
      : t("offer.transferAnnounce", { from: call.row.from.name, name });
  const Icon = call.kind === "offer" ? MessageCircle : ArrowRightLeft;
  return (
    <article
      aria-label={spoken}
      data-offer={call.id}
      className="pointer-events-auto animate-rise overflow-hidden rounded-xl border border-line-strong bg-raised shadow-high"
    >
      <header className="flex items-center gap-3 px-4 pt-3.5">
        <Avatar name={name} size="lg" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold text-lg leading-6">{name}</p>
          <p className="flex items-center gap-1.5 truncate text-muted text-sm">
            <Icon size={13} className="shrink-0" />
            <span className="truncate">{place}</span>
            {since !== null && (
              <span className="nums shrink-0">· {t("offer.waiting", { time: lasted(now - since) })}</span>
            )}
          </p>
        </div>
        <CountdownRing startAt={call.startAt} endAt={call.endAt} label={(time) => t("offer.left", { time })} />
      </header>
      <p className="line-clamp-3 whitespace-pre-line break-words px-4 pt-2.5">{words}</p>
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

/** What became of a call somebody else answered, or nobody did. */
export function EndedCard({ call }: { call: Call }) {
  const { t } = useTranslation();
  const interaction = readFragment(InteractionFields, call.row.interaction);
  return (
    <p
      data-ended={call.id}
      className="pointer-events-auto flex animate-rise items-center gap-2.5 rounded-lg border border-line bg-raised px-3 py-2 shadow-high"
    >
      <Avatar name={interaction.customer.displayName} size="sm" />
      <span className="min-w-0 flex-1 truncate">{interaction.customer.displayName}</span>
      <span className="text-muted">{ending(call, t)}</span>
    </p>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

function ending(call: Call, t: Translate): string {
  if (call.kind === "transfer") {
    if (call.row.acceptedBy) return t("offer.taken", { name: call.row.acceptedBy.name });
    return call.row.state === "EXPIRED" ? t("offer.expired") : t("offer.withdrawn");
  }
  switch (call.row.state) {
    case "TAKEN":
      return call.row.takenBy ? t("offer.taken", { name: call.row.takenBy.name }) : t("offer.withdrawn");
    case "EXPIRED":
      return t("offer.expired");
    case "ACCEPTED":
      return t("offer.takenYou");
    case "STANDING":
    case "REJECTED":
    case "WITHDRAWN":
      return t("offer.withdrawn");
  }
}
