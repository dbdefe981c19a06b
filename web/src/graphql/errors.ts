import type { CombinedError } from "urql";

/** What went wrong, sorted by what the screen does about it. */
export type Problem = {
  kind: "offline" | "refused" | "fault";
  code: string;
  message: string;
  details: Record<string, unknown>;
};

/** Reads an error of the API. Refusals carry a stable code and a sentence for the person at the screen. */
export function problemOf(error: CombinedError | undefined): Problem | null {
  if (!error) return null;
  if (error.networkError) return { kind: "offline", code: "OFFLINE", message: error.networkError.message, details: {} };
  const first = error.graphQLErrors[0];
  const ext = first?.extensions ?? {};
  const code = typeof ext.code === "string" ? ext.code : "INTERNAL";
  const details =
    typeof ext.details === "object" && ext.details !== null ? (ext.details as Record<string, unknown>) : {};
  return { kind: code === "INTERNAL" ? "fault" : "refused", code, message: first?.message ?? error.message, details };
}
