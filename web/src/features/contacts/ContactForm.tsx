import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/Button";
import { Field, Select, TextArea } from "@/ui/Field";
import { changes, type Editable, undoOf } from "./changes";

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

type Props = {
  contact?: Editable & { masked: boolean };
  lists?: readonly { id: string; name: string; fields: readonly { key: string; label: string }[] }[];
  listId?: string | undefined;
  onDone: (id: string | null) => void;
};

const blank: Editable = { id: "", firstName: "", lastName: "", phones: [], emails: [], tags: [], fields: [] };

/** Edits a contact. Nothing is stored before Save. */
export function ContactForm({ contact, lists, listId, onDone }: Props) {
  const { t } = useTranslation();
  const create = useCommand(CreateContact, true);
  const update = useCommand(UpdateContact, true);
  const restore = useCommand(UpdateContact);
  const [errorText, setErrorText] = useState<string | null>(null);
  const [chosen, setChosen] = useState(listId);
  const list = lists?.find((l) => l.id === chosen) ?? lists?.[0];
  const before = contact ?? { ...blank, fields: (list?.fields ?? []).map((f) => ({ ...f, value: "" })) };
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const data = new FormData(e.currentTarget);
    const form = (key: string) => String(data.get(key) ?? "").trim();
    const changed = changes(before, form);
    if (contact) {
      const { problem } = await update({ contactId: contact.id, ...changed });
      setErrorText(problem?.message ?? null);
      if (problem) return;
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
    if (problem) setErrorText(problem.message);
    else onDone(created?.createContact.contact.id ?? null);
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-2 gap-3 pb-4">
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
      <Field label={t("panel.firstName")} name="firstName" defaultValue={before.firstName} />
      <Field label={t("panel.lastName")} name="lastName" defaultValue={before.lastName} />
      <TextArea
        label={t("contacts.phones")}
        hint={t("panel.oneEach")}
        name="phones"
        defaultValue={before.phones.join("\n")}
        rows={2}
      />
      <TextArea
        label={t("contacts.emails")}
        hint={t("panel.oneEach")}
        name="emails"
        defaultValue={before.emails.join("\n")}
        rows={2}
      />
      <Field label={t("panel.tags")} name="tags" defaultValue={before.tags.join(", ")} className="col-span-2" />
      {before.fields.map((f) => (
        <Field key={f.key} label={f.label} name={`field.${f.key}`} defaultValue={f.value} />
      ))}
      {errorText && (
        <p role="alert" className="col-span-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
          {errorText}
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
