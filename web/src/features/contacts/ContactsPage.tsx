import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { useWide } from "@/lib/useWide";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Split } from "@/ui/Split";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { VirtualList } from "@/ui/VirtualList";
import { ContactForm } from "./ContactForm";

const Contacts = graphql(`
  query ContactList($after: String, $filter: ContactFilter) {
    contacts(first: 50, after: $after, filter: $filter) {
      edges {
        cursor
        node {
          id
          displayName
          erased
          phones
          emails
          tags
          masked
          list {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
        hasPreviousPage
        startCursor
      }
    }
    lists {
      id
      name
      archived
      fields {
        key
        label
      }
    }
  }
`);

/** The contacts of the lists the user may see, with search and a list filter. */
export function ContactsPage() {
  const { t } = useTranslation();
  const { contactId } = useParams({ strict: false });
  const wide = useWide(900);
  if (!wide) return contactId ? <Outlet /> : <List />;
  const nothing = <Empty title={t("contacts.pick")} />;
  return (
    <Split
      name="contacts"
      label={t("contacts.title")}
      initial={360}
      min={260}
      max={560}
      fixed="start"
      start={<List />}
      end={contactId ? <Outlet /> : nothing}
    />
  );
}

function List() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ from: "/contacts" });
  const navigate = useNavigate({ from: "/contacts" });
  const { contactId } = useParams({ strict: false });
  const [adding, setAdding] = useState(false);
  const filter = useMemo(
    () => ({ ...(search.q ? { search: search.q } : {}), ...(search.list ? { listId: search.list } : {}) }),
    [search.q, search.list],
  );
  const key = JSON.stringify(filter);
  const [page, setPage] = useState<{ key: string; after: string | null }>({ key, after: null });
  const after = page.key === key ? page.after : null;
  const variables = useMemo(() => ({ after, filter }), [after, filter]);
  const [{ data, error, fetching }, refetch] = useQuery({ query: Contacts, variables });
  const info = data?.contacts.pageInfo;
  const more = useCallback(() => {
    if (info?.hasNextPage && info.endCursor && !fetching) setPage({ key, after: info.endCursor });
  }, [info, fetching, key]);
  const problem = problemOf(error);
  const lists = (data?.lists ?? []).filter((l) => !l.archived);
  const rows = data?.contacts.edges.map((e) => e.node) ?? [];
  return (
    <section aria-label={t("contacts.title")} className="flex h-full min-h-0 flex-col">
      {!contactId && <h1 className="sr-only">{t("contacts.title")}</h1>}
      <header className="flex shrink-0 items-center gap-2 border-line border-b p-3">
        <input
          type="search"
          defaultValue={search.q ?? ""}
          aria-label={t("contacts.searchHint")}
          placeholder={t("contacts.searchHint")}
          onChange={(e) => {
            const q = e.target.value.trim();
            void navigate({ to: ".", search: ({ q: _, ...s }) => (q ? { ...s, q } : s), replace: true });
          }}
          className="h-8 min-w-0 flex-1 rounded-md bg-sunken px-3 outline-none focus:ring-2 focus:ring-accent"
        />
        <select
          aria-label={t("contacts.list")}
          value={search.list ?? ""}
          onChange={(e) => {
            const list = e.target.value;
            void navigate({ to: ".", search: ({ list: _, ...s }) => (list ? { ...s, list } : s), replace: true });
          }}
          className="h-8 max-w-32 rounded-md border border-line-strong bg-surface px-1.5"
        >
          <option value="">{t("common.all")}</option>
          {(data?.lists ?? []).map((l) => (
            <option key={l.id} value={l.id}>
              {l.name}
            </option>
          ))}
        </select>
        {may(me, "EDIT_CONTACTS") && lists.length > 0 && (
          <IconButton label={t("contacts.add")} onClick={() => setAdding(true)}>
            <Plus size={16} />
          </IconButton>
        )}
      </header>
      {!data && problem && <ErrorState problem={problem} onRetry={() => refetch({ requestPolicy: "network-only" })} />}
      {!data && !problem && <Skeleton rows={8} />}
      {data && rows.length === 0 && <Empty title={t("contacts.empty")}>{t("contacts.emptyHint")}</Empty>}
      {rows.length > 0 && (
        <VirtualList items={rows} rowHeight={56} itemKey={(c) => c.id} label={t("contacts.title")} onEnd={more}>
          {(c) => (
            <Link
              to="/contacts/$contactId"
              params={{ contactId: c.id }}
              search={(s) => s}
              className={cn(
                "flex h-full items-center gap-3 border-line border-b px-3 -outline-offset-2",
                c.id === contactId ? "bg-selected" : "hover:bg-hover",
              )}
            >
              <Avatar name={c.displayName} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{c.erased ? t("contacts.erased") : c.displayName}</span>
                <span className="nums block truncate text-muted text-sm">
                  {[c.phones[0], c.emails[0]].filter(Boolean).join(" · ")}
                </span>
              </span>
              <span className="max-w-24 truncate text-muted text-xs">{c.list.name}</span>
            </Link>
          )}
        </VirtualList>
      )}
      {adding && (
        <Dialog open onOpenChange={setAdding} title={t("contacts.add")}>
          <ContactForm
            lists={lists}
            listId={search.list}
            onDone={(id) => {
              setAdding(false);
              if (id) void navigate({ to: "/contacts/$contactId", params: { contactId: id }, search: (s) => s });
            }}
          />
        </Dialog>
      )}
    </section>
  );
}
