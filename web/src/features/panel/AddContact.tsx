import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field, Select } from "@/ui/Field";

/** The lists the user may add contacts to. */
export const GrantedLists = graphql(`
  query GrantedLists {
    lists {
      id
      name
      archived
    }
  }
`);
const Create = graphql(`
  mutation CreateContact($input: CreateContactInput!) {
    createContact(input: $input) {
      contact {
        id
        displayName
      }
    }
  }
`);
const Link = graphql(`
  mutation LinkContact($input: LinkContactInput!) {
    linkContact(input: $input) {
      interaction {
        ...InteractionFields
        id
        contact {
          id
          displayName
          firstName
          lastName
          phones
          emails
          tags
          masked
          canEdit
          list {
            id
            name
          }
          fields {
            key
            label
            value
          }
        }
      }
    }
  }
`);

type Props = { interactionId: string; name: string | null; phone: string | null; onDone: () => void };

/** Creates a contact for the customer and links the interaction to it. */
export function AddContact({ interactionId, name, phone, onDone }: Props) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: GrantedLists });
  const create = useCommand(Create, true);
  const link = useCommand(Link, true);
  const [errorText, setErrorText] = useState<string | null>(null);
  const [first = "", ...rest] = (name ?? "").split(" ");
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (key: string) => String(form.get(key) ?? "").trim();
    const created = await create({
      listId: text("list"),
      firstName: text("first"),
      lastName: text("last"),
      phones: text("phone") ? [text("phone")] : [],
      emails: text("email") ? [text("email")] : [],
    });
    const contactId = created.data?.createContact.contact.id;
    if (created.problem || !contactId) return setErrorText(created.problem?.message ?? t("state.broken"));
    const linked = await link({ interactionId, contactId });
    if (linked.problem) return setErrorText(linked.problem.message);
    onDone();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()} title={t("panel.addContact")}>
      <form onSubmit={submit} className="grid grid-cols-2 gap-3 pb-3">
        <Select label={t("panel.list")} name="list" required className="col-span-2">
          {(data?.lists ?? [])
            .filter((l) => !l.archived)
            .map((l) => (
              <option key={l.id} value={l.id}>
                {l.name}
              </option>
            ))}
        </Select>
        <Field label={t("panel.firstName")} name="first" defaultValue={first} />
        <Field label={t("panel.lastName")} name="last" defaultValue={rest.join(" ")} />
        <Field label={t("panel.phone")} name="phone" type="tel" defaultValue={phone ?? ""} className="col-span-2" />
        <Field label={t("panel.email")} name="email" type="email" className="col-span-2" />
        {errorText && (
          <p role="alert" className="col-span-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
            {errorText}
          </p>
        )}
        <div className="col-span-2 flex justify-end gap-2">
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          <Button tone="primary" type="submit">
            {t("common.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
