import { useNavigate, useParams } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "@/graphql/generated";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composition";
import { openDialog } from "@/lib/dialogs";
import type { KeyName } from "@/lib/keys";
import { takeTypedText } from "@/lib/typeAhead";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { useBecomeAvailable } from "./PresenceMenu";
import { useSessions } from "./SessionTabs";

const People = graphql(`
  query PalettePeople($q: String!) {
    interactions(first: 8, filter: { search: $q }) {
      edges {
        node {
          id
          status
          customer {
            displayName
          }
          account {
            id
            shortCode
          }
        }
      }
    }
  }
`);

type Entry = {
  id: string;
  group: "pages" | "sessions" | "actions" | "interactions";
  label: string;
  hint?: string;
  key?: KeyName;
  run: () => void;
};

/** Finds actions, pages and interactions by typing a few letters. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("palette.title")}>
      <Search onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Search({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const entries = useEntries(q);
  const current = Math.min(at, entries.length - 1);
  const run = (e: Entry | undefined) => {
    if (!e) return;
    onDone();
    e.run();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return;
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      e.preventDefault();
      setAt((current + step + entries.length) % entries.length);
    } else if (e.key === "Enter") {
      e.preventDefault();
      run(entries[current]);
    }
  };
  return (
    <div className="-mx-3 pb-2">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries[current] ? `${listId}-${current}` : undefined}
        aria-label={t("palette.placeholder")}
        placeholder={t("palette.placeholder")}
        value={q}
        onFocus={() => {
          const typed = takeTypedText();
          setQ((now) => now + typed);
        }}
        onChange={(e) => {
          setQ(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="mb-2 h-10 w-full rounded-md border border-line-strong bg-surface px-3 outline-none focus:border-accent"
      />
      <div role="listbox" id={listId} aria-label={t("palette.title")} className="max-h-80 overflow-y-auto">
        {entries.map((e, i) => (
          <div key={e.id} role="presentation">
            {entries[i - 1]?.group !== e.group && (
              <p role="presentation" className="px-2 pt-2 pb-1 font-medium text-muted text-xs">
                {t(`palette.${e.group}`)}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the text field above handles the keyboard */}
            <div
              id={`${listId}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === current}
              onPointerMove={() => setAt(i)}
              onClick={() => run(e)}
              className={cn(
                "flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5",
                i === current && "bg-selected",
              )}
            >
              <span className="min-w-0 flex-1 truncate">{e.label}</span>
              {e.hint && <span className="text-muted text-sm">{e.hint}</span>}
              {e.key && <Kbd name={e.key} />}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p className="px-2 py-4 text-muted">{t("palette.nothing")}</p>}
      </div>
    </div>
  );
}

function useEntries(q: string): Entry[] {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const sessions = useSessions();
  const becomeAvailable = useBecomeAvailable();
  const { id } = useParams({ strict: false });
  const searching = q.trim().length >= 2;
  const [{ data }] = useQuery({ query: People, variables: { q: q.trim() }, pause: !searching });
  const open = (to: string) => () => void navigate({ to: "/interactions/$id", params: { id: to }, search: (s) => s });
  const agent = may(me, "HANDLE_INTERACTIONS");
  const all: (Entry | false | null | undefined | "")[] = [
    id &&
      agent && {
        id: "v-close",
        group: "actions",
        label: t("keys.close"),
        key: "close",
        run: () => openDialog({ kind: "close", id }),
      },
    id &&
      agent && {
        id: "v-transfer",
        group: "actions",
        label: t("keys.transfer"),
        key: "transfer",
        run: () => openDialog({ kind: "transfer", id }),
      },
    agent &&
      me?.presence?.state !== "AVAILABLE" && {
        id: "v-free",
        group: "actions",
        label: t("presence.available"),
        run: () => becomeAvailable(me?.presence),
      },
    ...sessions.map(
      (s): Entry => ({
        id: `s-${s.id}`,
        group: "sessions",
        label: s.customer.displayName,
        hint: s.account.shortCode,
        run: open(s.id),
      }),
    ),
    {
      id: "p-dash",
      group: "pages",
      label: t("nav.dashboard"),
      key: "goDashboard",
      run: () => void navigate({ to: "/" }),
    },
    {
      id: "p-int",
      group: "pages",
      label: t("nav.interactions"),
      key: "goInteractions",
      run: () => void navigate({ to: "/interactions" }),
    },
    may(me, "VIEW_CONTACTS") && {
      id: "p-con",
      group: "pages",
      label: t("nav.contacts"),
      key: "goContacts",
      run: () => void navigate({ to: "/contacts" }),
    },
    may(me, "SUPERVISE") && {
      id: "p-real",
      group: "pages",
      label: t("nav.realtime"),
      key: "goRealtime",
      run: () => void navigate({ to: "/realtime" }),
    },
    may(me, "ADMINISTER") && {
      id: "p-set",
      group: "pages",
      label: t("nav.settings"),
      run: () => void navigate({ to: "/settings" }),
    },
  ];
  const words = q.trim().toLocaleLowerCase();
  const commands = all.filter((e): e is Entry => Boolean(e)).filter((e) => e.label.toLocaleLowerCase().includes(words));
  const people = (searching ? (data?.interactions.edges ?? []) : []).map(
    ({ node }): Entry => ({
      id: `i-${node.id}`,
      group: "interactions",
      label: node.customer.displayName,
      hint: node.account.shortCode,
      run: open(node.id),
    }),
  );
  return [...commands, ...people];
}
