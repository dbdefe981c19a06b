import type { OperationResult } from "@urql/core";
import { startTransition, useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import type { MessagesQuery, OlderMessagesQuery } from "@/graphql/generated/graphql";
import { MessagesDocument, OlderMessagesDocument } from "@/graphql/rows";

const newest = 50;
const further = 100;
const patience = 2000; // milliseconds until a page that did not come is asked for again

type Connection = NonNullable<OlderMessagesQuery["interaction"]>["messages"];
type Page = { before: string | null; connection: Connection | null; stop: () => void };

export type Pages = {
  /** What came of asking for the newest, with all else about the interaction. */
  newest: OperationResult<MessagesQuery> | null;
  /** The newest first, as they came. */
  connections: readonly Connection[];
  /** Asks for the page before the oldest; false when there is none, or it is on its way. */
  older: () => boolean;
  again: () => void;
};

/**
 * The pages of a conversation, each a query of its own: a change costs what its page holds, not what the conversation
 * does. Older pages are drawn when there is time for it, so that scrolling goes on.
 */
export function usePages(id: string): Pages {
  const client = useClient();
  const [head, setHead] = useState<OperationResult<MessagesQuery> | null>(null);
  const [connections, setConnections] = useState<readonly Connection[]>([]);
  const pages = useRef<Page[]>([]);

  const came = useCallback((page: Page, connection: Connection | null) => {
    if (page.connection === connection) return; // the cache tells of every page when one has come
    page.connection = connection;
    // A page that begins elsewhere now would leave a gap before the next older one.
    const at = pages.current.indexOf(page);
    const next = pages.current[at + 1];
    if (next && next.before !== connection?.pageInfo.startCursor) {
      for (const p of pages.current.splice(at + 1)) p.stop();
    }
    const all = pages.current.flatMap((p) => p.connection ?? []);
    if (page.before === null) setConnections(all);
    else startTransition(() => setConnections(all));
  }, []);
  const again = useCallback(() => {
    const policy = { requestPolicy: "network-only" } as const;
    void client.query(MessagesDocument, { id, last: newest, before: null }, policy).toPromise();
    for (const { before } of pages.current) {
      if (before) void client.query(OlderMessagesDocument, { id, last: further, before }, policy).toPromise();
    }
  }, [client, id]);
  useEffect(() => {
    const page: Page = { before: null, connection: null, stop: () => undefined };
    pages.current = [page];
    page.stop = client.query(MessagesDocument, { id, last: newest, before: null }).subscribe((result) => {
      if (result.error?.networkError && page.connection) return; // what is known stays while the server is away
      setHead(result);
      came(page, result.data?.interaction?.messages ?? null);
    }).unsubscribe;
    return () => {
      for (const p of pages.current.splice(0)) p.stop();
    };
  }, [client, id, came]);
  const older = useCallback(() => {
    const { hasPreviousPage, startCursor } = pages.current.at(-1)?.connection?.pageInfo ?? {};
    if (!hasPreviousPage || !startCursor) return false;
    const page: Page = { before: startCursor, connection: null, stop: () => undefined };
    pages.current.push(page);
    const ask = () => {
      page.stop();
      page.stop = client
        .query(OlderMessagesDocument, { id, last: further, before: startCursor })
        .subscribe((result) => {
          if (page.connection || !result.error) came(page, result.data?.interaction?.messages ?? page.connection);
          else window.setTimeout(() => pages.current.includes(page) && ask(), patience);
        }).unsubscribe;
    };
    ask();
    return true;
  }, [client, id, came]);
  return { newest: head, connections, older, again };
}
