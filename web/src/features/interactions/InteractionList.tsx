import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowUp } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useStored } from "@/lib/stored";
import type { Density } from "@/lib/theme";
import { useKey } from "@/lib/useKey";
import { Button } from "@/ui/Button";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { VirtualList, type VirtualListHandle } from "@/ui/VirtualList";
import { countFilters, type ListSearch } from "./filter";
import { ListHead } from "./ListHead";
import { InteractionRow } from "./Row";
import { RowMenu } from "./RowMenu";
import { useList } from "./useList";

type Props = { search: ListSearch; current: string | undefined };

/** The list of interactions. J and K move, Enter opens. */
export function InteractionList({ search, current }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/interactions" });
  const scroller = useRef<VirtualListHandle>(null);
  const hovered = useRef(false);
  const mayReorder = useCallback(() => !hovered.current && (scroller.current?.atTop() ?? true), []);
  const list = useList(search, mayReorder);
  const [density] = useStored<Density>("density", "comfortable");
  const [marked, setMarked] = useState<string | null>(null);

  const at = list.rows.findIndex((r) => r.id === (marked ?? current));
  const move = (step: number) => {
    const next = Math.min(list.rows.length - 1, Math.max(0, at + step));
    const row = list.rows[next];
    if (!row) return;
    setMarked(row.id);
    scroller.current?.scrollTo(next);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${row.id}"]`)?.focus());
  };
  const openRow = (id: string) => void navigate({ to: "/interactions/$id", params: { id }, search: (s) => s });
  const showNew = () => {
    list.refresh();
    scroller.current?.top();
  };
  useKey("next", () => move(1));
  useKey("previous", () => move(-1));
  useKey("open", () => marked && openRow(marked));
  useKey("showNew", showNew, list.arrived > 0);

  const clear = () =>
    void navigate({ search: (s) => ({ ...(s.view ? { view: s.view } : {}), ...(s.panel ? { panel: s.panel } : {}) }) });
  return (
    <section aria-label={t("list.title")} className="relative flex h-full min-h-0 flex-col">
      {!current && <h1 className="sr-only">{t("list.title")}</h1>}
      <ListHead search={search} />
      {list.arrived > 0 && (
        <div className="pointer-events-none absolute inset-x-0 top-[5.75rem] z-10 flex justify-center">
          <button
            type="button"
            onClick={showNew}
            className={cn(
              "nums pointer-events-auto flex h-7 animate-rise items-center gap-1 rounded-full bg-accent px-3",
              "font-medium text-on-accent text-sm shadow-high",
            )}
          >
            <ArrowUp size={13} />
            {t("list.new", { count: list.arrived })}
          </button>
        </div>
      )}
      <div
        className={cn("flex min-h-0 flex-1 flex-col", !list.loaded && list.rows.length > 0 && "opacity-60")}
        onPointerEnter={() => {
          hovered.current = true;
        }}
        onPointerLeave={() => {
          hovered.current = false;
        }}
      >
        {list.rows.length === 0 ? (
          <NoResults list={list} filtered={countFilters(search) > 0 || Boolean(search.q)} onClear={clear} />
        ) : (
          <VirtualList
            ref={scroller}
            items={list.rows}
            rowHeight={density === "compact" ? 52 : 66}
            itemKey={(r) => r.id}
            label={t("list.title")}
            onEnd={list.more}
          >
            {(row) => (
              <div className="group relative h-full">
                <Link
                  to="/interactions/$id"
                  params={{ id: row.id }}
                  search={(s) => s}
                  data-row={row.id}
                  onClick={() => setMarked(row.id)}
                  className="block h-full -outline-offset-2"
                >
                  <InteractionRow row={row} current={row.id === current} marked={row.id === marked} />
                </Link>
                <RowMenu row={row} onShow={() => openRow(row.id)} />
              </div>
            )}
          </VirtualList>
        )}
      </div>
    </section>
  );
}

function NoResults({
  list,
  filtered,
  onClear,
}: {
  list: ReturnType<typeof useList>;
  filtered: boolean;
  onClear: () => void;
}) {
  const { t } = useTranslation();
  if (list.problem) return <ErrorState problem={list.problem} onRetry={list.refresh} />;
  if (!list.loaded) return <Skeleton rows={9} />;
  return (
    <Empty title={t("list.empty")} action={filtered && <Button onClick={onClear}>{t("list.clear")}</Button>}>
      {t("list.emptyHint")}
    </Empty>
  );
}
