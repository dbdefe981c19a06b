import type { DispositionScope } from "@/graphql/generated/graphql";

export type Outcome = { id: string; label: string; parentId: string | null; level: number; scope: DispositionScope };

/** The outcomes that can be chosen at each level, given what is chosen above: one list per level, at most three. */
export function levels(all: readonly Outcome[], chosen: readonly string[]): Outcome[][] {
  const lists: Outcome[][] = [all.filter((o) => o.parentId === null)];
  for (const id of chosen) {
    const below = all.filter((o) => o.parentId === id);
    if (below.length === 0 || lists.length === 3) break;
    lists.push(below);
  }
  return lists;
}

/** The same outcomes under the settings they come from, in a fixed order. */
export function byScope(outcomes: readonly Outcome[]): [DispositionScope, Outcome[]][] {
  const order: DispositionScope[] = ["QUEUE", "ACCOUNT", "LIST", "GLOBAL"];
  return order.flatMap((scope): [DispositionScope, Outcome[]][] => {
    const of = outcomes.filter((o) => o.scope === scope);
    return of.length > 0 ? [[scope, of]] : [];
  });
}
