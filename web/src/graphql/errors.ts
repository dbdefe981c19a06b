import i18next from "i18next";
import type { CombinedError } from "urql";
import type { en } from "@/i18n/en";

/** An error, classified by how the UI handles it. */
export type Problem = {
  kind: "offline" | "refused" | "fault";
  code: string;
  message: string;
  details: Record<string, unknown>;
};

/** Translates a refusal by its code. Unknown codes keep the server's message. */
export function refusalWords(code: string, message: string, fault = ""): string {
  const known = i18next.exists(`refusal.${code}`);
  return known ? i18next.t(`refusal.${code as keyof (typeof en)["refusal"]}`, { fault }) : message;
}

/** The server cannot be reached. */
export function offline(): Problem {
  return { kind: "offline", code: "OFFLINE", message: refusalWords("OFFLINE", ""), details: {} };
}

/** Converts an API error. Refusals carry a stable code and a message for the user. */
export function problemOf(error: CombinedError | undefined): Problem | null {
  if (!error) return null;
  if (error.networkError) return offline();
  const first = error.graphQLErrors[0];
  const ext = first?.extensions ?? {};
  const code = typeof ext.code === "string" ? ext.code : "INTERNAL";
  const details =
    typeof ext.details === "object" && ext.details !== null ? (ext.details as Record<string, unknown>) : {};
  const text = first?.message ?? error.message;
  const fault = typeof ext.fault === "string" ? ext.fault : "";
  const message = code === "INTERNAL" && !fault ? text : refusalWords(code, text, fault);
  return { kind: code === "INTERNAL" ? "fault" : "refused", code, message, details };
}
