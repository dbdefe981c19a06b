import { useQuery } from "urql";
import type { DeskQuery, Permission } from "./generated/graphql";
import { DeskDocument } from "./rows";

export type Me = DeskQuery["me"];

/** Who is signed in; undefined until the first answer is here. */
export function useMe(): Me | undefined {
  const [{ data }] = useQuery({ query: DeskDocument, requestPolicy: "cache-first" });
  return data?.me;
}

export function usePolicy(): DeskQuery["policy"] | undefined {
  const [{ data }] = useQuery({ query: DeskDocument, requestPolicy: "cache-first" });
  return data?.policy;
}

export function may(me: Me | undefined, permission: Permission): boolean {
  return me?.permissions.includes(permission) ?? false;
}
