import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { useKey } from "@/lib/useKey";
import { EndedCard, OfferCard } from "./OfferCard";
import { type Call, useEnded, useStandingOffers } from "./useOffers";
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

const shown = 3;

/** The offers that float above whatever the agent is doing. A and X answer the one that came first. */
export function OfferStack() {
  const { t } = useTranslation();
  const standing = useStandingOffers();
  const ended = useEnded();
  const navigate = useNavigate();
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const acceptOffer = useCommand(AcceptOffer, true);
  const rejectOffer = useCommand(RejectOffer, true);
  const acceptTransfer = useCommand(AcceptTransfer, true);
  const rejectTransfer = useCommand(RejectTransfer, true);
  const [refusals, setRefusals] = useState<Record<string, string>>({});

  const open = standing.filter((c) => !answered.has(c.id));
  const first = open[0];
  useRing(open.map((c) => c.id));

  const settle = (id: string, problem: { message: string } | null) => {
    if (!problem) return;
    setRefusals((now) => ({ ...now, [id]: problem.message }));
    window.setTimeout(() => setRefusals(({ [id]: _gone, ...rest }) => rest), 6000);
    setAnswered((now) => new Set([...now].filter((x) => x !== id)));
  };
  const accept = async (call: Call) => {
    setAnswered((now) => new Set(now).add(call.id));
    const { problem } =
      call.kind === "offer" ? await acceptOffer({ offerId: call.id }) : await acceptTransfer({ transferId: call.id });
    settle(call.id, problem);
    if (!problem) void navigate({ to: "/interactions/$id", params: { id: call.interactionId } });
  };
  const reject = async (call: Call) => {
    setAnswered((now) => new Set(now).add(call.id));
    const { problem } =
      call.kind === "offer" ? await rejectOffer({ offerId: call.id }) : await rejectTransfer({ transferId: call.id });
    settle(call.id, problem);
  };
  useKey("accept", () => first && void accept(first), first !== undefined);
  useKey("reject", () => first && void reject(first), first !== undefined);

  return (
    <section
      aria-label={t("offer.region")}
      aria-live="assertive"
      className="pointer-events-none absolute end-3 top-2 z-30 flex w-88 max-w-[calc(100vw-1.5rem)] flex-col gap-2"
    >
      {open.slice(0, shown).map((call, i) => (
        <OfferCard
          key={call.id}
          call={call}
          first={i === 0}
          refusal={refusals[call.id]}
          onAccept={() => void accept(call)}
          onReject={() => void reject(call)}
        />
      ))}
      {open.length > shown && (
        <p className="pointer-events-auto rounded-lg bg-raised px-3 py-1.5 text-muted text-sm shadow-high">
          {t("offer.more", { count: open.length - shown })}
        </p>
      )}
      {ended
        .filter((c) => !answered.has(c.id) || (c.kind === "offer" && c.row.state === "TAKEN"))
        .map((call) => (
          <EndedCard key={call.id} call={call} />
        ))}
    </section>
  );
}
