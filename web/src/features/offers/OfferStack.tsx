import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { awaitConversation, type Means, stopWaiting } from "@/lib/accepted";
import { useKey } from "@/lib/useKey";
import { EndedCard, OfferCard } from "./OfferCard";
import { type Incoming, useEnded, usePendingOffers } from "./useOffers";
import { useRing } from "./useRing";

const AcceptOffer = graphql(`
  mutation AcceptOffer($input: OfferInput!) {
    acceptOffer(input: $input) {
      interaction {
        ...InteractionFields
      }
    }
  }
`);
const RejectOffer = graphql(`
  mutation RejectOffer($input: OfferInput!) {
    rejectOffer(input: $input) {
      offerId
    }
  }
`);
const AcceptTransfer = graphql(`
  mutation AcceptTransfer($input: TransferInput!) {
    acceptTransfer(input: $input) {
      transfer {
        ...TransferFields
      }
      interaction {
        ...InteractionFields
      }
    }
  }
`);
const RejectTransfer = graphql(`
  mutation RejectTransfer($input: TransferInput!) {
    rejectTransfer(input: $input) {
      transfer {
        ...TransferFields
      }
    }
  }
`);

const maxCards = 3;

/** Shows pending offers above any page. A and X answer the oldest one. */
export function OfferStack() {
  const { t } = useTranslation();
  const pending = usePendingOffers();
  const ended = useEnded();
  const navigate = useNavigate();
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const acceptOffer = useCommand(AcceptOffer, true);
  const rejectOffer = useCommand(RejectOffer, true);
  const acceptTransfer = useCommand(AcceptTransfer, true);
  const rejectTransfer = useCommand(RejectTransfer, true);
  const [refusals, setRefusals] = useState<Record<string, string>>({});

  const unanswered = pending.filter((c) => !answered.has(c.id));
  const first = unanswered[0];
  useRing(unanswered.map((c) => c.id));

  const showRefusal = (id: string, problem: { message: string } | null) => {
    if (!problem) return;
    setRefusals((now) => ({ ...now, [id]: problem.message }));
    window.setTimeout(() => setRefusals(({ [id]: _gone, ...rest }) => rest), 6000);
    setAnswered((now) => new Set([...now].filter((x) => x !== id)));
  };
  const accept = async (incoming: Incoming, means: Means) => {
    awaitConversation(incoming.interactionId, means);
    setAnswered((now) => new Set(now).add(incoming.id));
    const { problem } =
      incoming.kind === "offer"
        ? await acceptOffer({ offerId: incoming.id })
        : await acceptTransfer({ transferId: incoming.id });
    showRefusal(incoming.id, problem);
    if (problem) stopWaiting();
    else void navigate({ to: "/interactions/$id", params: { id: incoming.interactionId } });
  };
  const reject = async (incoming: Incoming) => {
    setAnswered((now) => new Set(now).add(incoming.id));
    const { problem } =
      incoming.kind === "offer"
        ? await rejectOffer({ offerId: incoming.id })
        : await rejectTransfer({ transferId: incoming.id });
    showRefusal(incoming.id, problem);
  };
  useKey("accept", () => first && void accept(first, "key"), first !== undefined);
  useKey("reject", () => first && void reject(first), first !== undefined);

  return (
    <section
      aria-label={t("offer.region")}
      aria-live="assertive"
      className="pointer-events-none absolute end-3 top-2 z-30 flex w-88 max-w-[calc(100vw-1.5rem)] flex-col gap-2"
    >
      {unanswered.slice(0, maxCards).map((incoming, i) => (
        <OfferCard
          key={incoming.id}
          incoming={incoming}
          first={i === 0}
          refusal={refusals[incoming.id]}
          onAccept={() => void accept(incoming, "button")}
          onReject={() => void reject(incoming)}
        />
      ))}
      {unanswered.length > maxCards && (
        <p className="pointer-events-auto rounded-lg bg-raised px-3 py-1.5 text-muted text-sm shadow-high">
          {t("offer.more", { count: unanswered.length - maxCards })}
        </p>
      )}
      {ended
        .filter((c) => !answered.has(c.id) || (c.kind === "offer" && c.row.state === "TAKEN"))
        .map((incoming) => (
          <EndedCard key={incoming.id} incoming={incoming} />
        ))}
    </section>
  );
}
