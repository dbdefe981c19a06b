import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { type Target, TargetPicker } from "./TargetPicker";

const Assignable = graphql(`
  query Assignable($id: ID!) {
    interaction(id: $id) {
      id
      customer {
        displayName
      }
    }
    users {
      id
      name
      role
      disabled
      presence {
        state
        reason
        since
      }
    }
  }
`);
const Assign = graphql(`
  mutation Assign($input: AssignInteractionInput!) {
    assignInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

/** Assigns an interaction to an agent, regardless of the current owner. */
export function AssignDialog({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: Assignable, variables: { id }, requestPolicy: "cache-and-network" });
  const assign = useCommand(Assign, true);
  const [target, setTarget] = useState<Target | null>(null);
  const [errorText, setErrorText] = useState<string | null>(null);
  const targets = (data?.users ?? [])
    .filter((u) => u.role === "AGENT" && !u.disabled)
    .map(
      (u): Target => ({
        kind: "agent",
        id: u.id,
        name: u.name,
        hint: u.presence ? t(`presence.${u.presence.state}`) : "",
        selectable: true,
      }),
    );
  const submit = async () => {
    if (!target) return;
    const { problem } = await assign({ interactionId: id, agentId: target.id });
    if (problem) setErrorText(problem.message);
    else onDone();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={t("transfer.assignTitle", { name: data?.interaction?.customer.displayName ?? "" })}
      footer={
        <>
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          <Button tone="primary" disabled={!target} onClick={() => void submit()}>
            {t("transfer.assign")}
          </Button>
        </>
      }
    >
      <TargetPicker targets={targets} chosen={target} onChoose={setTarget} />
      {errorText && (
        <p role="alert" className="mt-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
          {errorText}
        </p>
      )}
    </Dialog>
  );
}
