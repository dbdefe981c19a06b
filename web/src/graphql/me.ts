import { useQuery } from "urql";
import type { AppStartQuery, Permission } from "./generated/graphql";
import { AppStartDocument } from "./rows";

export type Me = AppStartQuery["me"];

/** Returns the signed-in user, or undefined until loaded. */
export function useMe(): Me | undefined {
  const [{ data }] = useQuery({ query: AppStartDocument, requestPolicy: "cache-first" });
  return data?.me;
}

export function usePolicy(): AppStartQuery["policy"] | undefined {
  const [{ data }] = useQuery({ query: AppStartDocument, requestPolicy: "cache-first" });
  return data?.policy;
}

export function may(me: Me | undefined, permission: Permission): boolean {
  return me?.permissions.includes(permission) ?? false;
}
