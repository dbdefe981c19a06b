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

/** The tags an admin has set up, with their colours; agents may put on others. */
export function useKnownTags() {
  const [{ data }] = useQuery({ query: KnownTags, requestPolicy: "cache-first" });
  return data?.tags ?? [];
}
