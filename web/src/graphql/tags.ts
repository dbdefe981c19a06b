import { useQuery } from "urql";
import { graphql } from "./generated";

const KnownTags = graphql(`
  query KnownTags {
    tags {
      id
      name
      color
      archived
    }
  }
`);

/** Returns the tags configured by administrators, with their colours. Agents may use other tags too. */
export function useKnownTags() {
  const [{ data }] = useQuery({ query: KnownTags, requestPolicy: "cache-first" });
  return data?.tags ?? [];
}
