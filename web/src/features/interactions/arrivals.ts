/** A changed interaction, with the times that decide its place in the list. */
export type Changed = { id: string; lastMessageAt: string; startedAt: string };
type Order = "LAST_MESSAGE" | "STARTED" | "WINDOW";

/**
 * Adds to the rows that wait until the agent refreshes the list. A changed row waits if the list lacks it, or if it would
 * move above another row.
 * `shown` is the current list, in order.
 */
export function collect(
  collected: ReadonlySet<string>,
  changed: readonly Changed[],
  shown: readonly Changed[],
  order: Order,
): ReadonlySet<string> {
  const next = new Set(collected);
  for (const row of changed) {
    const at = shown.findIndex((s) => s.id === row.id);
    const above = order === "LAST_MESSAGE" ? shown.slice(0, Math.max(at, 0)) : [];
    if (at < 0 || above.some((s) => s.lastMessageAt < row.lastMessageAt)) next.add(row.id);
  }
  return next.size === collected.size ? collected : next;
}
