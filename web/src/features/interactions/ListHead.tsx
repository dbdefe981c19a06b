import { useNavigate, useParams } from "@tanstack/react-router";
import { ArrowDownWideNarrow, ListFilter, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/graphql/me";
import { cn } from "@/lib/cn";
import { useKey } from "@/lib/useKey";
import { IconButton } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { Menu, MenuItem, MenuLabel } from "@/ui/Menu";
import { Popover } from "@/ui/Popover";
import { Filters } from "./Filters";
import { countFilters, type ListSearch, views } from "./filter";

const orders = ["LAST_MESSAGE", "STARTED", "WINDOW"] as const;

/** View, search, filters and order of the list. All of them are stored in the URL. */
export function ListHead({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/interactions" });
  const me = useMe();
  const { id } = useParams({ strict: false });
  // Changing the list keeps the open conversation.
  const navigateTo = (next: (s: ListSearch) => ListSearch) =>
    void (id
      ? navigate({ to: "/interactions/$id", params: { id }, search: next, replace: true })
      : navigate({ to: "/interactions", search: next, replace: true }));
  const set = (change: Partial<ListSearch>) => navigateTo((s) => clean({ ...s, ...change }));
  const view = search.view ?? "all";
  const filters = countFilters(search);
  const agent = may(me, "HANDLE_INTERACTIONS");
  return (
    <header className="shrink-0 border-line border-b">
      <div className="flex items-center gap-1 px-3 pt-2.5">
        <SearchBox value={search.q ?? ""} onChange={(q) => set({ q })} />
        <Popover
          label={t("list.filters")}
          align="end"
          trigger={
            <button
              type="button"
              aria-label={t("list.filters")}
              className={cn(
                "inline-flex h-8 items-center gap-1 rounded-md px-2 hover:bg-hover",
                filters > 0 ? "bg-selected text-accent" : "text-muted",
              )}
            >
              <ListFilter size={16} />
              {filters > 0 && <span className="nums font-medium text-sm">{filters}</span>}
            </button>
          }
        >
          <Filters search={search} set={set} />
        </Popover>
        <Menu
          trigger={
            <IconButton label={t("list.order")} aria-pressed={Boolean(search.order)}>
              <ArrowDownWideNarrow size={16} />
            </IconButton>
          }
        >
          <MenuLabel>{t("list.order")}</MenuLabel>
          {orders.map((o) => (
            <MenuItem
              key={o}
              checked={(search.order ?? "LAST_MESSAGE") === o}
              onSelect={() => navigateTo(({ order: _, ...s }) => (o === "LAST_MESSAGE" ? s : { ...s, order: o }))}
            >
              {t(`list.order${o}`)}
            </MenuItem>
          ))}
        </Menu>
      </div>
      <div role="toolbar" aria-label={t("list.views")} className="flex gap-0.5 overflow-x-auto px-2 py-1.5">
        {views
          .filter((v) => agent || v !== "mine")
          .map((v) => (
            <button
              key={v}
              type="button"
              aria-pressed={view === v}
              onClick={() => navigateTo(({ view: _, ...s }) => (v === "all" ? s : { ...s, view: v }))}
              className={cn(
                "h-7 rounded-md px-2.5 font-medium text-muted text-sm hover:bg-hover aria-pressed:bg-selected",
                "aria-pressed:text-accent",
              )}
            >
              {t(`list.view.${v}`)}
            </button>
          ))}
      </div>
    </header>
  );
}

/** Removes unset values, which keeps the URL short. */
function clean(s: { [K in keyof ListSearch]?: ListSearch[K] | undefined }): ListSearch {
  return Object.fromEntries(Object.entries(s).filter(([, v]) => v !== undefined && v !== "")) as ListSearch;
}

const typingPause = 250;

function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const latestOnChange = useRef(onChange);
  latestOnChange.current = onChange;
  useKey("search", () => box.current?.focus());
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => latestOnChange.current(text), typingPause);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  return (
    <div className="relative min-w-0 flex-1">
      <Search size={14} className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-muted" />
      <input
        ref={box}
        type="search"
        value={text}
        aria-label={t("list.searchHint")}
        placeholder={t("list.searchShort")}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") {
            if (text) setText("");
            else box.current?.blur();
          }
        }}
        className={cn(
          "peer h-8 w-full rounded-md bg-sunken [&::-webkit-search-cancel-button]:hidden ps-8 pe-8",
          "outline-none focus:bg-surface focus:ring-2 focus:ring-accent",
        )}
      />
      <span className="pointer-events-none absolute end-2 top-1/2 -translate-y-1/2 peer-focus:hidden">
        {!text && <Kbd name="search" />}
      </span>
    </div>
  );
}
