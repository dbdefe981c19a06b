import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import { usePresenceChange } from "@/graphql/presence";
import { InteractionFields } from "@/graphql/rows";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Skeleton } from "@/ui/States";
import { type Target, TargetPicker } from "./TargetPicker";

const Targets = graphql(`
  query TransferTargets($id: ID!) {
    interaction(id: $id) {
      ...InteractionFields
    }
    transferTargets(interactionId: $id) {
      agents {
        id
        name
        presence {
          state
          reason
          since
        }
      }
      queues {
        id
        name
        othersAvailable
      }
    }
  }
`);
const RequestTransfer = graphql(`
  mutation RequestTransfer($input: RequestTransferInput!) {
    requestTransfer(input: $input) {
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

/** Transfers an interaction to an agent or a queue. */
export function TransferDialog({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [{ data, error }, refetch] = useQuery({ query: Targets, variables: { id }, requestPolicy: "network-only" });
  usePresenceChange(() => refetch({ requestPolicy: "network-only" }));
  const request = useCommand(RequestTransfer, true);
  const [target, setTarget] = useState<Target | null>(null);
  const [note, setNote] = useState("");
  const [errorText, setErrorText] = useState<string | null>(null);
  const interaction = readFragment(InteractionFields, data?.interaction ?? null);
  const name = interaction?.customer.displayName ?? "";
  const targets: Target[] = [
    ...(data?.transferTargets.agents ?? []).map(
      (a): Target => ({
        kind: "agent",
        id: a.id,
        name: a.name,
        hint: a.presence ? t(`presence.${a.presence.state}`) : "",
        selectable: a.presence?.state === "AVAILABLE",
      }),
    ),
    ...(data?.transferTargets.queues ?? []).map(
      (q): Target => ({
        kind: "queue",
        id: q.id,
        name: q.name,
        hint: t("transfer.available", { count: q.othersAvailable }),
        selectable: true,
      }),
    ),
  ];
  const submit = async () => {
    if (!target) return;
    const to = target.kind === "agent" ? { toAgentId: target.id } : { toQueueId: target.id };
    const { problem } = await request({ interactionId: id, ...to, ...(note.trim() ? { note: note.trim() } : {}) });
    if (problem) setErrorText(problem.message);
    else onDone();
  };
  const message = errorText ?? problemOf(error)?.message;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={t("transfer.title", { name })}
      description={t("transfer.lead")}
      footer={
        <>
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          <Button tone="primary" disabled={!target} onClick={() => void submit()}>
            {t("transfer.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 py-1">
        {data ? (
          <TargetPicker targets={targets} chosen={target} onChoose={setTarget} />
        ) : (
          !error && <Skeleton rows={3} />
        )}
        <TextArea label={t("transfer.note")} value={note} onChange={(e) => setNote(e.target.value)} rows={2} />
        {message && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {message}
          </p>
        )}
      </div>
    </Dialog>
  );
}
