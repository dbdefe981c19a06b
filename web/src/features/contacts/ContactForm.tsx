import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useCommand } from "@/graphql/command";
import { type Problem, problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { createKeeper } from "@/lib/keeper";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/Button";
import { Field, Select, TextArea } from "@/ui/Field";
import { changes, type Editable, type Edits, edits, sameEdits, shown, undoOf } from "./changes";

const CreateContact = graphql(`
  mutation AddContactToList($input: CreateContactInput!) {
    createContact(input: $input) {
      contact {
        id
        displayName
      }
    }
  }
`);
const UpdateContact = graphql(`
  mutation UpdateContact($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        id
        displayName
        firstName
        lastName
        phones
        emails
        tags
        changedAt
        fields {
          key
          label
          value
        }
      }
    }
  }
`);

const SaveContactDraft = graphql(`
  mutation SaveContactDraft($input: ContactDraftInput!) {
    saveContactDraft(input: $input) {
      contact {
        id
        draft {
          key
          value
        }
      }
    }
  }
`);

/** Keeps the edits of a contact on the server until they are saved. */
function useEdits(contactId: string | undefined, stored: Edits) {
  const [, save] = useMutation(SaveContactDraft);
  const [keeper] = useState(() =>
    createKeeper<Edits>(stored, sameEdits, async (fields) => {
      if (!contactId) return true;
      const options: RequestInit = { credentials: "same-origin", keepalive: true };
      const { error } = await save({ input: { contactId, fields: [...fields] } }, { fetchOptions: options });
      return problemOf(error)?.kind !== "offline";
    }),
  );
  useEffect(() => {
    const flush = () => void keeper.flush();
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, [keeper]);
  return keeper;
}

type Props = {
  contact?: Editable & { masked: boolean; draft: Edits };
  lists?: readonly { id: string; name: string; fields: readonly { key: string; label: string }[] }[];
  listId?: string | undefined;
  onDone: (id: string | null) => void;
};

const blank: Editable = { id: "", firstName: "", lastName: "", phones: [], emails: [], tags: [], fields: [] };

/** Edits a contact. The contact changes with Save; until then the edits are a draft of the user. */
export function ContactForm({ contact, lists, listId, onDone }: Props) {
  const { t } = useTranslation();
  const create = useCommand(CreateContact, true);
  const update = useCommand(UpdateContact, true);
  const restore = useCommand(UpdateContact);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [chosen, setChosen] = useState(listId);
  const list = lists?.find((l) => l.id === chosen) ?? lists?.[0];
  const before = contact ?? { ...blank, fields: (list?.fields ?? []).map((f) => ({ ...f, value: "" })) };
  const stored = contact?.draft ?? [];
  const keeper = useEdits(contact?.id, stored);
  const initial = (key: string) => stored.find((f) => f.key === key)?.value ?? shown(before, key);
  const onInput = (e: FormEvent<HTMLFormElement>) => {
    const data = new FormData(e.currentTarget);
    keeper.change(edits(before, (key) => String(data.get(key) ?? "")));
  };
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const data = new FormData(e.currentTarget);
    const form = (key: string) => String(data.get(key) ?? "").trim();
    const changed = changes(before, form);
    if (contact) {
      const { problem } = await update({ contactId: contact.id, ...changed });
      setRefusal(problem);
      if (problem) return;
      keeper.change([]);
      notify({
        tone: "plain",
        text: t("contacts.savedContact"),
        // No undo for a viewer of masked values: they never saw what they replaced.
        ...(contact.masked || Object.keys(changed).length === 0
          ? {}
          : {
              action: {
                label: t("common.undo"),
                run: () => void restore({ contactId: contact.id, ...undoOf(contact, changed) }),
              },
            }),
      });
      onDone(null);
      return;
    }
    const { data: created, problem } = await create({ listId: form("list"), ...changed });
    if (problem) setRefusal(problem);
    else onDone(created?.createContact.contact.id ?? null);
  };
  return (
    <form onSubmit={submit} onInput={onInput} className="grid grid-cols-2 gap-3 pb-4">
      {lists && (
        <Select
          label={t("panel.list")}
          name="list"
          value={list?.id ?? ""}
          onChange={(e) => setChosen(e.target.value)}
          required
          className="col-span-2"
        >
          {lists.map((l) => (
            <option key={l.id} value={l.id}>
              {l.name}
            </option>
          ))}
        </Select>
      )}
      <Field label={t("panel.firstName")} name="firstName" defaultValue={initial("firstName")} />
      <Field label={t("panel.lastName")} name="lastName" defaultValue={initial("lastName")} />
      <TextArea
        label={t("contacts.phones")}
        hint={t("panel.oneEach")}
        name="phones"
        defaultValue={initial("phones")}
        rows={2}
      />
      <TextArea
        label={t("contacts.emails")}
        hint={t("panel.oneEach")}
        name="emails"
        defaultValue={initial("emails")}
        rows={2}
      />
      <Field label={t("panel.tags")} name="tags" defaultValue={initial("tags")} className="col-span-2" />
      {before.fields.map((f) => (
        <Field key={f.key} label={f.label} name={`field.${f.key}`} defaultValue={initial(`field.${f.key}`)} />
      ))}
      {refusal && (
        <p role="alert" className="col-span-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
          {refusal.message}
          {typeof refusal.details.survivor === "string" && (
            <>
              {" · "}
              <Link to="/contacts/$contactId" params={{ contactId: refusal.details.survivor }} className="underline">
                {t("contacts.openSurvivor")}
              </Link>
            </>
          )}
        </p>
      )}
      <div className="col-span-2 flex items-center justify-end gap-3">
        <Button tone="primary" type="submit">
          {t("common.save")}
        </Button>
      </div>
    </form>
  );
}
