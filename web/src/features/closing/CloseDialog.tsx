import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql, readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import { isTyping } from "@/lib/keys";
import { dismissByCode } from "@/lib/notices";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select } from "@/ui/Field";
import { byScope, levels } from "./tree";

const Closing = graphql(`
  query Closing($id: ID!) {
    interaction(id: $id) {
      ...InteractionFields
      account {
        id
        mandatoryDispose
      }
      messages(last: 50) {
        edges {
          cursor
          node {
            id
            author
            position
          }
        }
      }
    }
    dispositionsFor(interactionId: $id) {
      id
      label
      parentId
      level
      scope
    }
  }
`);
const Close = graphql(`
  mutation Close($input: CloseInteractionInput!) {
    closeInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);
const Dispose = graphql(`
  mutation Dispose($input: DisposeInteractionInput!) {
    disposeInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

type Props = { id: string; next: boolean; dispose?: boolean; onDone: () => void; onClosed: (next: boolean) => void };

/** Confirms closing and asks for a disposition. With `dispose` it only asks for the disposition. */
export function CloseDialog({ id, next, dispose = false, onDone, onClosed }: Props) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: Closing, variables: { id }, requestPolicy: "cache-and-network" });
  const close = useCommand(Close, true);
  const setDisposition = useCommand(Dispose, true);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [errorText, setErrorText] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Remember the newest message when the dialog opens, so that the server can refuse if a later one arrives.
  const fromCustomer = data?.interaction?.messages.edges.map((e) => e.node).filter((m) => m.author === "CUSTOMER");
  const newest = fromCustomer?.reduce(
    (a, b) => (b.position > a.position ? b : a),
    fromCustomer[0] ?? { id: "", author: "CUSTOMER", position: 0 },
  ).id;
  const [seen, setSeen] = useState<string | null>(null);
  if (seen === null && newest) setSeen(newest);

  const interaction = readFragment(InteractionFields, data?.interaction ?? null);
  const name = interaction?.customer.displayName ?? "";
  const dispositions = data?.dispositionsFor ?? [];
  const mandatory = data?.interaction?.account.mandatoryDispose ?? false;
  const dispositionId = chosen.at(-1);

  // Dispositions load after the dialog opens. If one is required, focus the first field then.
  const first = useRef<HTMLSelectElement>(null);
  const focusFirst = (mandatory || dispose) && dispositions.length > 0;
  useEffect(() => {
    if (focusFirst) first.current?.focus();
  }, [focusFirst]);

  // Letters mean that the dialog opened in the middle of a text, whose next Enter would close the interaction.
  const latestDone = useRef(onDone);
  latestDone.current = onDone;
  useEffect(() => {
    const onKeyDown = (e: KeyboardEvent) => {
      const letter = e.key.length === 1 && e.key !== " " && !e.ctrlKey && !e.metaKey && !e.altKey;
      if (letter && !isTyping(e.target)) latestDone.current();
    };
    window.addEventListener("keydown", onKeyDown, true);
    return () => window.removeEventListener("keydown", onKeyDown, true);
  }, []);

  const submit = async (openNext: boolean) => {
    setBusy(true);
    const { problem } = dispose
      ? await setDisposition({ interactionId: id, dispositionId: dispositionId ?? "" })
      : await close({
          interactionId: id,
          ...(seen ? { seenThrough: seen } : {}),
          ...(dispositionId ? { dispositionId } : {}),
        });
    setBusy(false);
    if (problem) {
      setErrorText(problem.code === "NEW_MESSAGE_ARRIVED" ? t("closing.newMessage") : problem.message);
      return;
    }
    if (dispose) dismissByCode("DISPOSITION_DUE");
    onDone();
    onClosed(openNext);
  };
  const choose = (level: number, value: string) =>
    setChosen((now) => (value ? [...now.slice(0, level), value] : now.slice(0, level)));
  const submitLabel = dispose
    ? t("closing.dispose")
    : dispositionId
      ? t("closing.closeAndDispose")
      : t("closing.close");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={dispose ? t("closing.disposeTitle", { name }) : t("closing.title", { name })}
      description={dispose ? undefined : t("closing.lead")}
      footer={
        <>
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          {!dispose && (
            <Button
              tone={next ? "primary" : "plain"}
              data-first={next || undefined}
              disabled={busy}
              onClick={() => void submit(true)}
            >
              {t("closing.closeNext")}
            </Button>
          )}
          <Button
            tone={next ? "plain" : "primary"}
            data-first={(!next && !dispose) || undefined}
            disabled={busy || (dispose && !dispositionId)}
            onClick={() => void submit(false)}
          >
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3 py-1"
        onSubmit={(e) => {
          e.preventDefault();
          if (!dispose || dispositionId) void submit(next);
        }}
      >
        {dispositions.length === 0 && dispose && <p className="text-muted">{t("closing.none")}</p>}
        {dispositions.length > 0 &&
          levels(dispositions, chosen).map((list, level) => (
            <Select
              key={list[0]?.id ?? level}
              label={level === 0 ? t("closing.disposition") : t("closing.level", { level: level + 1 })}
              ref={level === 0 ? first : undefined}
              value={chosen[level] ?? ""}
              onChange={(e) => choose(level, e.target.value)}
            >
              <option value="">{level === 0 ? t("closing.noDisposition") : t("common.none")}</option>
              {byScope(list).map(([scope, group]) => (
                <optgroup key={scope} label={t(`closing.scopes.${scope}`)}>
                  {group.map((o) => (
                    <option key={o.id} value={o.id}>
                      {o.label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          ))}
        {mandatory && !dispositionId && !dispose && (
          <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">{t("closing.mandatory")}</p>
        )}
        {errorText && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {errorText}
          </p>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
