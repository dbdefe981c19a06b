import { ArrowRightLeft, Undo2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { reasonWords } from "@/features/panel/story";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment, MessageFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { useStored } from "@/lib/stored";
import { lasted, useNow } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import type { LastTransfer } from "./useConversation";

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

const kept = 50; // of those that were put away
const line = "flex shrink-0 items-center gap-2.5 border-line border-b bg-warn-soft py-1.5 ps-4 pe-2 text-warn";

type Props = {
  interaction: InteractionFieldsFragment;
  last: LastTransfer | null;
  messages: readonly MessageFieldsFragment[];
};

/** Under the header: the transfer in progress, or that the sender's came back (R75, R78). */
export function TransferLine({ interaction, last, messages }: Props) {
  if (interaction.transfer?.state === "PENDING") return <UnderWay interaction={interaction} />;
  return <CameBack interaction={interaction} last={last} messages={messages} />;
}

function UnderWay({ interaction: i }: { interaction: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  const now = useNow();
  const cancel = useCommand(CancelTransfer);
  const { transfer } = i;
  if (!transfer) return null;
  const name = transfer.toAgent?.name ?? transfer.toQueue?.name ?? "";
  const left = lasted(Math.max(0, Date.parse(transfer.expiresAt) - now));
  return (
    <div role="status" className={line}>
      <ArrowRightLeft size={14} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{t("transfer.pending", { name })}</span>
      <span aria-hidden="true" className="nums shrink-0 text-sm">
        {t("transfer.pendingLeft", { time: left })}
      </span>
      {i.actions.includes("CANCEL_TRANSFER") && (
        <Button size="sm" onClick={() => void cancel({ transferId: transfer.id })}>
          {t("transfer.withdraw")}
        </Button>
      )}
    </div>
  );
}

/** Stays until its sender writes or puts it away. */
function CameBack({ interaction: i, last, messages }: Props) {
  const { t } = useTranslation();
  const me = useMe()?.user.id;
  const [away, setAway] = useStored<string>("transfersPutAway", "");
  if (!last?.endedAt || i.status !== "OPEN" || last.from.id !== me || i.owner?.id !== me) return null;
  if (last.state !== "EXPIRED" && last.state !== "REFUSED" && last.state !== "VOIDED") return null;
  const endedAt = Date.parse(last.endedAt);
  if (messages.some((m) => m.author === "AGENT" && Date.parse(m.recordedAt) > endedAt)) return null;
  const ids = away.split(" ");
  if (ids.includes(last.id)) return null;
  const name = last.toAgent?.name ?? last.toQueue?.name ?? "";
  return (
    <div role="status" data-came-back className={line}>
      <Undo2 size={14} className="shrink-0" />
      <span className="min-w-0 flex-1">
        {t("transfer.back", { name, reason: reasonWords(last.reason ?? last.state, t) })}
      </span>
      <IconButton
        label={t("transfer.putAway")}
        onClick={() => setAway([...ids, last.id].slice(-kept).join(" "))}
        className="size-7 text-warn"
      >
        <X size={14} />
      </IconButton>
    </div>
  );
}
