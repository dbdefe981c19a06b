import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/Button";
import { Field, Select, TextArea } from "@/ui/Field";
import { changes, type Editable, undone } from "./changes";

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
        mails
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

const blank: Editable = { id: "", firstName: "", lastName: "", phones: [], mails: [], tags: [], fields: [] };

/** A contact's fields; nothing is kept before Save (R30). */
export function ContactForm({ contact, lists, listId, onDone }: Props) {
  const { t } = useTranslation();
  const create = useCommand(CreateContact, true);
  const update = useCommand(UpdateContact, true);
  const putBack = useCommand(UpdateContact);
  const [trouble, setTrouble] = useState<string | null>(null);
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
      setTrouble(problem?.message ?? null);
      if (problem) return;
      notify({
        tone: "plain",
        text: t("contacts.savedContact"),
        // What a masked viewer has replaced he was never told, so he cannot put it back.
        ...(contact.masked || Object.keys(changed).length === 0
          ? {}
          : {
              action: {
                label: t("common.undo"),
                run: () => void putBack({ contactId: contact.id, ...undone(contact, changed) }),
              },
            }),
      });
      onDone(null);
      return;
    }
    const { data: made, problem } = await create({ listId: form("list"), ...changed });
    if (problem) setTrouble(problem.message);
    else onDone(made?.createContact.contact.id ?? null);
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
        label={t("contacts.mails")}
        hint={t("panel.oneEach")}
        name="mails"
        defaultValue={before.mails.join("\n")}
        rows={2}
      />
      <Field label={t("panel.tags")} name="tags" defaultValue={before.tags.join(", ")} className="col-span-2" />
      {before.fields.map((f) => (
        <Field key={f.key} label={f.label} name={`field.${f.key}`} defaultValue={f.value} />
      ))}
      {trouble && (
        <p role="alert" className="col-span-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
          {trouble}
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
