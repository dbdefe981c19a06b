import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { type Problem, problemOf } from "@/graphql/errors";
import { graphql, readFragment } from "@/graphql/generated";
import type { InteractionFieldsFragment, InteractionOrder } from "@/graphql/generated/graphql";
import { onArrivals } from "@/graphql/live";
import { useMe } from "@/graphql/me";
import { InteractionFields } from "@/graphql/rows";
import { collect } from "./arrivals";
import { type ListSearch, matches, toFilter } from "./filter";

const ListDocument = graphql(`
  query InteractionList($first: Int!, $after: String, $filter: InteractionFilter, $orderBy: InteractionOrder) {
    interactions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          ...InteractionFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
        hasPreviousPage
        startCursor
      }
    }
  }
`);

const pageSize = 50;

export type List = {
  rows: readonly InteractionFieldsFragment[];
  loading: boolean;
  loaded: boolean;
  problem: Problem | null;
  hasMore: boolean;
  arrived: number;
  more: () => void;
  refresh: () => void;
};

/**
 * Loads the list page by page while the agent scrolls, and keeps its rows current. Rows that would enter or move are
 * counted in `arrived` until `refresh` is called, or shown at once while `mayReorder` returns true.
 */
export function useList(search: ListSearch, mayReorder: () => boolean): List {
  const client = useClient();
  const me = useMe()?.user.id;
  const filterKey = JSON.stringify(toFilter(search, me));
  const order: InteractionOrder = search.order ?? "LAST_MESSAGE";
  const filter = useMemo(() => JSON.parse(filterKey) as ReturnType<typeof toFilter>, [filterKey]);
  const listKey = `${filterKey} ${order}`;

  const [page, setPage] = useState<{ key: string; after: string | null }>({ key: listKey, after: null });
  const after = page.key === listKey ? page.after : null;
  const variables = useMemo(() => ({ first: pageSize, after, filter, orderBy: order }), [after, filter, order]);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ListDocument,
    variables,
    pause: search.view === "mine" && !me,
  });

  const [shownKey, setShownKey] = useState(listKey);
  const fresh = data && !fetching;
  useEffect(() => {
    if (fresh) setShownKey(listKey);
  }, [fresh, listKey]);

  const rows = useMemo(
    () => readFragment(InteractionFields, data?.interactions.edges.map((e) => e.node) ?? []),
    [data],
  );
  const [collected, setCollected] = useState<ReadonlySet<string>>(new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a different list starts with nothing collected
  useEffect(() => setCollected(new Set()), [listKey]);

  const refresh = useCallback(() => {
    setCollected(new Set());
    void client
      .query(ListDocument, { first: pageSize, after: null, filter, orderBy: order }, { requestPolicy: "network-only" })
      .toPromise();
  }, [client, filter, order]);

  const latest = useRef({ rows, filter, order, mayReorder, refresh });
  latest.current = { rows, filter, order, mayReorder, refresh };
  useEffect(
    () =>
      onArrivals(({ interactions }) => {
        const now = latest.current;
        const matching = interactions.filter((i) => matches(i, now.filter));
        setCollected((before) => collect(before, matching, now.rows, now.order));
      }),
    [],
  );
  useEffect(() => {
    if (collected.size > 0 && latest.current.mayReorder()) latest.current.refresh();
  }, [collected]);

  const info = data?.interactions.pageInfo;
  const more = useCallback(() => {
    if (info?.hasNextPage && info.endCursor && !fetching) setPage({ key: listKey, after: info.endCursor });
  }, [info, fetching, listKey]);

  return {
    rows,
    loading: fetching,
    loaded: data !== undefined && shownKey === listKey,
    problem: data ? null : problemOf(error),
    hasMore: info?.hasNextPage ?? false,
    arrived: collected.size,
    more,
    refresh: error ? () => refetch({ requestPolicy: "network-only" }) : refresh,
  };
}
