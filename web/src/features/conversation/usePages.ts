import type { OperationResult } from "@urql/core";
import { startTransition, useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import type { MessagesQuery, OlderMessagesQuery } from "@/graphql/generated/graphql";
import { MessagesDocument, OlderMessagesDocument } from "@/graphql/rows";

const newestPageSize = 50;
const olderPageSize = 100;
const retryDelay = 2000; // milliseconds before a failed page is fetched again

type Connection = NonNullable<OlderMessagesQuery["interaction"]>["messages"];
type Page = { before: string | null; connection: Connection | null; stop: () => void };

export type Pages = {
  /** The result of the newest page, which includes the interaction. */
  newest: OperationResult<MessagesQuery> | null;
  /** The loaded pages, newest first. */
  connections: readonly Connection[];
  /** Loads the next older page. Returns false if there is none or it is already loading. */
  older: () => boolean;
  refetch: () => void;
};

/**
 * Loads a conversation page by page. Each page is a query of its own, so that a change re-reads one page rather than
 * the whole conversation. Older pages render at low priority to keep scrolling smooth.
 */
export function usePages(id: string): Pages {
  const client = useClient();
  const [head, setHead] = useState<OperationResult<MessagesQuery> | null>(null);
  const [connections, setConnections] = useState<readonly Connection[]>([]);
  const pages = useRef<Page[]>([]);

  const onPage = useCallback((page: Page, connection: Connection | null) => {
    if (page.connection === connection) return; // the cache reports all pages when one changes
    page.connection = connection;
    // If this page now starts elsewhere, the older pages would leave a gap. Drop them.
    const at = pages.current.indexOf(page);
    const next = pages.current[at + 1];
    if (next && next.before !== connection?.pageInfo.startCursor) {
      for (const p of pages.current.splice(at + 1)) p.stop();
    }
    const all = pages.current.flatMap((p) => p.connection ?? []);
    if (page.before === null) setConnections(all);
    else startTransition(() => setConnections(all));
  }, []);
  const refetch = useCallback(() => {
    const policy = { requestPolicy: "network-only" } as const;
    void client.query(MessagesDocument, { id, last: newestPageSize, before: null }, policy).toPromise();
    for (const { before } of pages.current) {
      if (before) void client.query(OlderMessagesDocument, { id, last: olderPageSize, before }, policy).toPromise();
    }
  }, [client, id]);
  useEffect(() => {
    const page: Page = { before: null, connection: null, stop: () => undefined };
    pages.current = [page];
    page.stop = client.query(MessagesDocument, { id, last: newestPageSize, before: null }).subscribe((result) => {
      if (result.error?.networkError && page.connection) return; // keep what is loaded while the server is unreachable
      setHead(result);
      onPage(page, result.data?.interaction?.messages ?? null);
    }).unsubscribe;
    return () => {
      for (const p of pages.current.splice(0)) p.stop();
    };
  }, [client, id, onPage]);
  const older = useCallback(() => {
    const { hasPreviousPage, startCursor } = pages.current.at(-1)?.connection?.pageInfo ?? {};
    if (!hasPreviousPage || !startCursor) return false;
    const page: Page = { before: startCursor, connection: null, stop: () => undefined };
    pages.current.push(page);
    const fetchPage = () => {
      page.stop();
      page.stop = client
        .query(OlderMessagesDocument, { id, last: olderPageSize, before: startCursor })
        .subscribe((result) => {
          if (page.connection || !result.error) onPage(page, result.data?.interaction?.messages ?? page.connection);
          else window.setTimeout(() => pages.current.includes(page) && fetchPage(), retryDelay);
        }).unsubscribe;
    };
    fetchPage();
    return true;
  }, [client, id, onPage]);
  return { newest: head, connections, older, refetch };
}
