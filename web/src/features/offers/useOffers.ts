import { useEffect, useRef, useState } from "react";
import { useQuery } from "urql";
import { readFragment } from "@/graphql/generated";
import type { OfferFieldsFragment, TransferFieldsFragment } from "@/graphql/generated/graphql";
import { may, useMe } from "@/graphql/me";
import { InteractionFields, OfferFields, SessionsDocument, TransferFields } from "@/graphql/rows";
import { useNow } from "@/lib/time";

/** Something the agent may accept: an offer from a queue, or a colleague's transfer. */
export type Incoming =
  | {
      kind: "offer";
      id: string;
      waitingAt: number;
      startAt: number;
      endAt: number;
      pending: boolean;
      interactionId: string;
      row: OfferFieldsFragment;
    }
  | {
      kind: "transfer";
      id: string;
      waitingAt: number;
      startAt: number;
      endAt: number;
      pending: boolean;
      interactionId: string;
      row: TransferFieldsFragment;
    };

export function fromOffer(row: OfferFieldsFragment): Incoming {
  const [startAt, endAt] = [Date.parse(row.offeredAt), Date.parse(row.expiresAt)];
  return {
    kind: "offer",
    id: row.id,
    waitingAt: Date.parse(row.waitingSince),
    startAt,
    endAt,
    pending: row.state === "PENDING",
    interactionId: idOf(row),
    row,
  };
}

export function fromTransfer(row: TransferFieldsFragment): Incoming {
  const [startAt, endAt] = [Date.parse(row.requestedAt), Date.parse(row.expiresAt)];
  return {
    kind: "transfer",
    id: row.id,
    waitingAt: startAt,
    startAt,
    endAt,
    pending: row.status === "PENDING" && row.mine,
    interactionId: idOf(row),
    row,
  };
}

function idOf(row: OfferFieldsFragment | TransferFieldsFragment): string {
  return readFragment(InteractionFields, row.interaction).id;
}

function useIncoming(): Incoming[] {
  const agent = may(useMe(), "HANDLE_INTERACTIONS");
  const [{ data }] = useQuery({ query: SessionsDocument, pause: !agent });
  if (!data) return [];
  return [
    ...readFragment(TransferFields, data.transfers).map(fromTransfer),
    ...readFragment(OfferFields, data.offers).map(fromOffer),
  ];
}

/** Returns the offers and transfers that can still be answered, longest waiting first. */
export function usePendingOffers(): Incoming[] {
  const now = useNow();
  return useIncoming()
    .filter((c) => c.pending && c.endAt > now)
    .sort((a, b) => a.waitingAt - b.waitingAt);
}

const showEndedFor = 4500;

/** Returns offers that ended a moment ago without this agent's answer, so that the UI can say how. */
export function useEnded(): Incoming[] {
  const incoming = useIncoming();
  const wasPending = useRef(new Set<string>());
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const item of incoming) {
      if (item.pending) wasPending.current.add(item.id);
      else if (wasPending.current.delete(item.id)) {
        setEnded((now) => new Set(now).add(item.id));
        window.setTimeout(() => {
          setEnded((now) => new Set([...now].filter((id) => id !== item.id)));
        }, showEndedFor);
      }
    }
  });
  return incoming.filter((c) => ended.has(c.id));
}
