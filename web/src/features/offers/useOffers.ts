import { useEffect, useRef, useState } from "react";
import { useQuery } from "urql";
import { readFragment } from "@/graphql/generated";
import type { OfferFieldsFragment, TransferFieldsFragment } from "@/graphql/generated/graphql";
import { may, useMe } from "@/graphql/me";
import { InteractionFields, OfferFields, SessionsDocument, TransferFields } from "@/graphql/rows";
import { useNow } from "@/lib/time";

/** Something an agent is asked to take: an offer of a queue, or a colleague's transfer. */
export type Call =
  | {
      kind: "offer";
      id: string;
      waitingAt: number;
      startAt: number;
      endAt: number;
      standing: boolean;
      interactionId: string;
      row: OfferFieldsFragment;
    }
  | {
      kind: "transfer";
      id: string;
      waitingAt: number;
      startAt: number;
      endAt: number;
      standing: boolean;
      interactionId: string;
      row: TransferFieldsFragment;
    };

export function callOfOffer(row: OfferFieldsFragment): Call {
  const [startAt, endAt] = [Date.parse(row.offeredAt), Date.parse(row.expiresAt)];
  return {
    kind: "offer",
    id: row.id,
    waitingAt: Date.parse(row.waitingSince),
    startAt,
    endAt,
    standing: row.state === "STANDING",
    interactionId: idOf(row),
    row,
  };
}

export function callOfTransfer(row: TransferFieldsFragment): Call {
  const [startAt, endAt] = [Date.parse(row.requestedAt), Date.parse(row.expiresAt)];
  return {
    kind: "transfer",
    id: row.id,
    waitingAt: startAt,
    startAt,
    endAt,
    standing: row.state === "PENDING" && row.mine,
    interactionId: idOf(row),
    row,
  };
}

function idOf(row: OfferFieldsFragment | TransferFieldsFragment): string {
  return readFragment(InteractionFields, row.interaction).id;
}

function useCalls(): Call[] {
  const agent = may(useMe(), "HANDLE_INTERACTIONS");
  const [{ data }] = useQuery({ query: SessionsDocument, pause: !agent });
  if (!data) return [];
  return [
    ...readFragment(TransferFields, data.transfers).map(callOfTransfer),
    ...readFragment(OfferFields, data.offers).map(callOfOffer),
  ];
}

/** What may still be answered, longest waiting first. */
export function useStandingOffers(): Call[] {
  const now = useNow();
  return useCalls()
    .filter((c) => c.standing && c.endAt > now)
    .sort((a, b) => a.waitingAt - b.waitingAt);
}

const linger = 4500;

/** Calls that stood a moment ago and ended otherwise: they stay for a breath, to say what became of them. */
export function useEnded(): Call[] {
  const calls = useCalls();
  const stood = useRef(new Set<string>());
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const call of calls) {
      if (call.standing) stood.current.add(call.id);
      else if (stood.current.delete(call.id)) {
        setEnded((now) => new Set(now).add(call.id));
        window.setTimeout(() => {
          setEnded((now) => new Set([...now].filter((id) => id !== call.id)));
        }, linger);
      }
    }
  });
  return calls.filter((c) => ended.has(c.id));
}
