import { useNavigate } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { onArrivals } from "@/graphql/live";
import { useMe } from "@/graphql/me";
import { notify } from "@/lib/notices";
import { useSessions } from "./SessionTabs";

type Joined = Pick<InteractionFieldsFragment, "joinedInto"> & {
  owner?: { id: string } | null | undefined;
  customer: { displayName: string };
};

/** What the owner of a session reads when it continues with someone else; null if it does not. */
export function joinNotice(i: Joined, me: string | undefined, t: TFunction): string | null {
  const keeper = i.joinedInto?.keeper;
  if (!i.joinedInto || !keeper || i.owner?.id !== me || keeper.id === me) return null;
  return `${i.customer.displayName}: ${t(`joining.lost.${i.joinedInto.reason}`, { name: keeper.name })}`;
}

/** Tells the agent when one of their sessions continues with someone else. */
export function useJoinNotices(): void {
  const { t } = useTranslation();
  const me = useMe()?.user.id;
  const navigate = useNavigate();
  const sessions = useSessions();
  const mine = useRef(new Set<string>());
  useEffect(() => {
    for (const s of sessions) mine.current.add(s.id);
  }, [sessions]);
  useEffect(
    () =>
      onArrivals(({ interactions }) => {
        for (const i of interactions) {
          const text = joinNotice(i, me, t);
          if (!text || !mine.current.delete(i.id)) continue;
          const id = i.joinedInto?.interaction?.id ?? i.id;
          const run = () => void navigate({ to: "/interactions/$id", params: { id } });
          notify({ tone: "plain", stays: true, text, action: { label: t("joining.open"), run } });
        }
      }),
    [me, navigate, t],
  );
}
