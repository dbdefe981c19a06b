import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { mostSettled, unsettled, useSettle } from "@/graphql/settling";
import { SettleBar } from "@/ui/SettleBar";

type Props = { interaction: InteractionFieldsFragment; messages: readonly MessageFieldsFragment[] };

/** Settles several messages of unknown delivery at once. A single one is settled at its bubble. */
export function UnknownBar({ interaction: i, messages }: Props) {
  const { t } = useTranslation();
  const me = useMe()?.user.id;
  const settle = useSettle();
  const ids = unsettled(messages).slice(0, mostSettled);
  if (ids.length < 2 || i.owner?.id !== me) return null;
  return (
    <SettleBar
      words={t("tick.unknownMessages", { count: ids.length })}
      canRetry={i.actions.includes("REPLY")}
      onSettle={(as) => settle(ids, as)}
      className="border-line border-t"
    />
  );
}
