/** Rows that would join the list or move up in it, gathered until the reader wants them. */
export type Changed = { id: string; lastMessageAt: string; startedAt: string };
type By = "LAST_MESSAGE" | "STARTED" | "WINDOW";

/**
 * Adds what has just changed to what is gathered. `shown` is the list as it stands, first row first;
 * a row counts when it is not there, or when it stands below another that is older than its newest message.
 */
export function gather(
  gathered: ReadonlySet<string>,
  changed: readonly Changed[],
  shown: readonly Changed[],
  order: By,
): ReadonlySet<string> {
  const next = new Set(gathered);
  for (const row of changed) {
    const at = shown.findIndex((s) => s.id === row.id);
    const above = order === "LAST_MESSAGE" ? shown.slice(0, Math.max(at, 0)) : [];
    if (at < 0 || above.some((s) => s.lastMessageAt < row.lastMessageAt)) next.add(row.id);
  }
  return next.size === gathered.size ? gathered : next;
}
