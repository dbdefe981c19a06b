import type { DispositionScope } from "@/graphql/generated/graphql";

export type Disposition = {
  id: string;
  label: string;
  parentId: string | null;
  level: number;
  scope: DispositionScope;
};

/** Returns one list of dispositions per level, at most three, given the choices on the levels above. */
export function levels(all: readonly Disposition[], chosen: readonly string[]): Disposition[][] {
  const lists: Disposition[][] = [all.filter((o) => o.parentId === null)];
  for (const id of chosen) {
    const below = all.filter((o) => o.parentId === id);
    if (below.length === 0 || lists.length === 3) break;
    lists.push(below);
  }
  return lists;
}

/** Groups dispositions by their scope, in a fixed order. */
export function byScope(dispositions: readonly Disposition[]): [DispositionScope, Disposition[]][] {
  const order: DispositionScope[] = ["QUEUE", "ACCOUNT", "LIST", "GLOBAL"];
  return order.flatMap((scope): [DispositionScope, Disposition[]][] => {
    const group = dispositions.filter((o) => o.scope === scope);
    return group.length > 0 ? [[scope, group]] : [];
  });
}
