import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import { InteractionFields } from "@/graphql/rows";
import { useLocale } from "@/i18n/locale";
import { previewText } from "@/lib/preview";
import { formatDateTime, formatShortDate } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { ContactForm } from "./ContactForm";

const ContactDetail = graphql(`
  query ContactDetail($id: ID!) {
    contact(id: $id) {
      id
      displayName
      erased
      firstName
      lastName
      phones
      emails
      tags
      masked
      canEdit
      noMarketingSince
      suggestedMerges {
        id
        displayName
      }
      createdAt
      changedAt
      list {
        id
        name
      }
      fields {
        key
        label
        value
      }
      draft {
        key
        value
      }
    }
  }
`);

/** A contact's details and all sessions with them. */
export function ContactPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { contactId } = useParams({ from: "/contacts/$contactId" });
  const { tab } = useSearch({ from: "/contacts" });
  const navigate = useNavigate({ from: "/contacts/$contactId" });
  const [{ data, error }, refetch] = useQuery({ query: ContactDetail, variables: { id: contactId } });
  const problem = problemOf(error);
  if (!data)
    return problem ? (
      <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  const c = data.contact;
  if (!c) return <Empty title={t("refusal.CONTACT_UNKNOWN")}>{t("conversation.notFoundHint")}</Empty>;
  const name = c.erased ? t("contacts.erased") : c.displayName;
  return (
    <section aria-label={name} className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-3 px-4 py-4 md:px-6">
        <IconButton
          label={t("keys.back")}
          onClick={() => void navigate({ to: "/contacts", search: (s) => s })}
          className="-ms-2 min-[900px]:hidden"
        >
          <ArrowLeft size={16} />
        </IconButton>
        <Avatar name={c.displayName} size="lg" />
        <div className="min-w-0">
          <h1 className="flex items-center gap-1.5 font-semibold text-lg">
            <span className="truncate">{name}</span>
            {c.masked && <Lock size={13} aria-label={t("common.masked")} className="text-muted" />}
          </h1>
          <p className="nums text-muted text-sm">
            {c.list.name} · {t("contacts.changed", { time: formatShortDate(c.changedAt, locale) })}
            {c.noMarketingSince &&
              ` · ${t("contacts.noMarketing", { date: formatDateTime(c.noMarketingSince, locale) })}`}
          </p>
        </div>
      </header>
      {c.suggestedMerges.length > 0 && (
        <p className="px-4 pb-3 text-sm md:px-6">
          {t("contacts.sameAs")}{" "}
          {c.suggestedMerges.map((s) => (
            <Link
              key={s.id}
              to="/contacts/$contactId"
              params={{ contactId: s.id }}
              search={(search) => search}
              className="me-2 underline"
            >
              {s.displayName}
            </Link>
          ))}
        </p>
      )}
      <Tabs
        label={name}
        value={tab === "journey" ? "journey" : "detail"}
        onChange={(v) =>
          void navigate({ search: ({ tab: _, ...s }) => (v === "journey" ? { ...s, tab: v } : s), replace: true })
        }
        tabs={[
          {
            value: "detail",
            label: t("contacts.detail"),
            content: (
              <fieldset disabled={!c.canEdit} className="max-w-2xl p-4 md:p-6">
                <ContactForm key={`${c.id}${c.changedAt}`} contact={c} onDone={() => undefined} />
              </fieldset>
            ),
          },
          {
            value: "journey",
            label: t("contacts.journey"),
            content: <Sessions contactId={c.id} />,
          },
        ]}
      />
    </section>
  );
}

const ContactSessions = graphql(`
  query ContactSessions($id: ID!) {
    contact(id: $id) {
      id
      journey(first: 50) {
        edges {
          cursor
          node {
            ...InteractionFields
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

function Sessions({ contactId }: { contactId: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }, refetch] = useQuery({ query: ContactSessions, variables: { id: contactId } });
  const problem = problemOf(error);
  if (!data) {
    if (!problem) return <Skeleton />;
    return <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />;
  }
  const sessions = readFragment(InteractionFields, data.contact?.journey.edges.map((e) => e.node) ?? []);
  if (sessions.length === 0) return <Empty title={t("list.empty")} />;
  return (
    <ul className="p-4">
      {sessions.map((s) => (
        <li key={s.id}>
          <Link
            to="/interactions/$id"
            params={{ id: s.id }}
            className="flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-md px-2 py-2 hover:bg-hover sm:flex-nowrap"
          >
            <time dateTime={s.startedAt} className="nums w-44 shrink-0 text-muted text-sm">
              {formatDateTime(s.startedAt, locale)}
            </time>
            <span className="min-w-0 flex-1 truncate max-sm:order-last max-sm:basis-full">
              {previewText(s.preview, t, s.lastMessageDirection)}
            </span>
            <span className="truncate text-muted text-sm max-sm:flex-1 max-sm:text-end">{s.owner?.name}</span>
            <Badge tone={s.status === "OPEN" ? "good" : "plain"}>
              {s.status === "OPEN" ? t("list.open") : (s.disposition.at(-1) ?? t("list.closed"))}
            </Badge>
          </Link>
        </li>
      ))}
    </ul>
  );
}
