import { ArrowRightLeft, Undo2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { useLocale } from "@/i18n/locale";
import { reasonText } from "@/lib/reasonText";
import { useStored } from "@/lib/stored";
import { formatDuration, useNow } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import type { PastTransfer } from "./useConversation";

const CancelTransfer = graphql(`
  mutation CancelTransfer($input: TransferInput!) {
    cancelTransfer(input: $input) {
      transfer {
        ...TransferFields
      }
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

const maxDismissed = 50; // ids of dismissed transfers
const line = "flex shrink-0 items-center gap-2.5 border-line border-b bg-warn-soft py-1.5 ps-4 pe-2 text-warn";

type Props = {
  interaction: InteractionFieldsFragment;
  last: PastTransfer | null;
  messages: readonly MessageFieldsFragment[];
};

/** Shows the transfer in progress below the header, or tells its sender that it came back. */
export function TransferBanner({ interaction, last, messages }: Props) {
  if (interaction.transfer?.status === "PENDING") return <PendingTransfer interaction={interaction} />;
  return <ReturnedTransfer interaction={interaction} last={last} messages={messages} />;
}

function PendingTransfer({ interaction: i }: { interaction: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const cancel = useCommand(CancelTransfer);
  const { transfer } = i;
  if (!transfer) return null;
  const name = transfer.toAgent?.name ?? transfer.toQueue?.name ?? "";
  const remaining = formatDuration(Math.max(0, Date.parse(transfer.expiresAt) - now), locale);
  return (
    <div role="status" className={line}>
      <ArrowRightLeft size={14} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{t("transfer.pending", { name })}</span>
      <span aria-hidden="true" className="nums shrink-0 text-sm">
        {t("transfer.pendingLeft", { time: remaining })}
      </span>
      {i.actions.includes("CANCEL_TRANSFER") && (
        <Button size="sm" onClick={() => void cancel({ transferId: transfer.id })}>
          {t("transfer.withdraw")}
        </Button>
      )}
    </div>
  );
}

/** Says that a transfer came back, until the sender writes a message or dismisses this. */
function ReturnedTransfer({ interaction: i, last, messages }: Props) {
  const { t } = useTranslation();
  const me = useMe()?.user.id;
  const [dismissed, setDismissed] = useStored<string>("dismissedTransfers", "");
  if (!last?.endedAt || i.status !== "OPEN" || last.from.id !== me || i.owner?.id !== me) return null;
  if (last.status !== "EXPIRED" && last.status !== "REFUSED" && last.status !== "VOIDED") return null;
  const endedAt = Date.parse(last.endedAt);
  if (messages.some((m) => m.author === "AGENT" && Date.parse(m.recordedAt) > endedAt)) return null;
  const ids = dismissed.split(" ");
  if (ids.includes(last.id)) return null;
  const name = last.toAgent?.name ?? last.toQueue?.name ?? "";
  return (
    <div role="status" data-came-back className={line}>
      <Undo2 size={14} className="shrink-0" />
      <span className="min-w-0 flex-1">
        {t("transfer.back", { name, reason: reasonText(last.reason ?? last.status, t) })}
      </span>
      <IconButton
        label={t("transfer.dismiss")}
        onClick={() => setDismissed([...ids, last.id].slice(-maxDismissed).join(" "))}
        className="size-7 text-warn"
      >
        <X size={14} />
      </IconButton>
    </div>
  );
}
