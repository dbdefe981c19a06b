import { Link } from "@tanstack/react-router";
import { UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { may, useMe } from "@/graphql/me";
import { useKnownTags } from "@/graphql/tags";
import { useLocale } from "@/i18n/locale";
import { formatDateTime } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dot } from "@/ui/Dot";
import { ErrorState, Skeleton } from "@/ui/States";
import { AddContact, GrantedLists } from "./AddContact";
import { Copyable, Fact } from "./Fact";

const PanelContact = graphql(`
  query PanelContact($id: ID!) {
    interaction(id: $id) {
      id
      customer {
        name
        phone
        username
        displayName
        masked
      }
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
        noMarketingSince
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
`);

/** The customer's contact, or their channel profile if they have none. */
export function ContactTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [{ data, error }, refetch] = useQuery({ query: PanelContact, variables: { id } });
  const known = useKnownTags();
  const locale = useLocale();
  const [adding, setAdding] = useState(false);
  const missing = data?.interaction?.contact === null && may(me, "EDIT_CONTACTS");
  const [{ data: granted }] = useQuery({ query: GrantedLists, pause: !missing });
  const mayAdd = missing && (granted?.lists.some((l) => !l.archived) ?? false);
  const problem = problemOf(error);
  if (!data)
    return problem ? (
      <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton rows={4} />
    );
  const customer = data.interaction?.customer;
  const contact = data.interaction?.contact;
  if (!customer) return null;
  const name = contact?.displayName || customer.displayName;
  return (
    <div className="p-4">
      <div className="mb-4 flex items-center gap-3">
        <Avatar name={name} size="lg" />
        <div className="min-w-0">
          <h2 className="truncate font-semibold text-lg">{name}</h2>
          <p className="truncate text-muted text-sm">{contact ? contact.list.name : t("panel.noContact")}</p>
        </div>
      </div>
      <dl>
        {(contact?.phones.length ? contact.phones : customer.phone ? [customer.phone] : []).map((phone) => (
          <Fact key={phone} label={t("panel.phone")}>
            <Copyable value={phone} masked={contact?.masked ?? customer.masked} />
          </Fact>
        ))}
        {customer.username && (
          <Fact label={t("panel.username")}>
            <Copyable value={customer.username} masked={customer.masked} />
          </Fact>
        )}
        {(contact?.emails ?? []).map((email) => (
          <Fact key={email} label={t("panel.email")}>
            <Copyable value={email} masked={contact?.masked ?? false} />
          </Fact>
        ))}
        {(contact?.fields ?? []).map((f) => (
          <Fact key={f.key} label={f.label}>
            {f.value || "–"}
          </Fact>
        ))}
        {contact?.noMarketingSince && (
          <Fact label={t("panel.marketing")}>
            {t("panel.noMarketing", { date: formatDateTime(contact.noMarketingSince, locale) })}
          </Fact>
        )}
        {contact && contact.tags.length > 0 && (
          <Fact label={t("panel.tags")}>
            <span className="flex flex-wrap gap-1">
              {contact.tags.map((tag) => (
                <Badge key={tag}>
                  <Dot color={known.find((x) => x.name === tag)?.color} />
                  {tag}
                </Badge>
              ))}
            </span>
          </Fact>
        )}
      </dl>
      {contact && may(me, "VIEW_CONTACTS") && (
        <Link
          to="/contacts/$contactId"
          params={{ contactId: contact.id }}
          className="mt-3 inline-block font-medium text-accent hover:underline"
        >
          {contact.canEdit ? t("contacts.edit") : t("common.more")}
        </Link>
      )}
      {mayAdd && (
        <>
          <p className="mt-3 text-muted">{t("panel.noContactHint")}</p>
          <Button className="mt-2" onClick={() => setAdding(true)}>
            <UserRoundPlus size={14} />
            {t("panel.addContact")}
          </Button>
          {adding && (
            <AddContact
              interactionId={id}
              name={customer.name}
              phone={customer.masked ? null : customer.phone}
              onDone={() => setAdding(false)}
            />
          )}
        </>
      )}
    </div>
  );
}
