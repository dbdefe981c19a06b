import i18next from "i18next";
import type { CombinedError } from "urql";
import type { en } from "@/i18n/en";

/** What went wrong, sorted by what the screen does about it. */
export type Problem = {
  kind: "offline" | "refused" | "fault";
  code: string;
  message: string;
  details: Record<string, unknown>;
};

/** A refusal in the viewer's language, by its code; what has no words of ours is said in the server's. */
export function refusalWords(code: string, message: string, fault = ""): string {
  const known = i18next.exists(`refusal.${code}`);
  return known ? i18next.t(`refusal.${code as keyof (typeof en)["refusal"]}`, { fault }) : message;
}

/** There is no connection to the server. */
export function offline(): Problem {
  return { kind: "offline", code: "OFFLINE", message: refusalWords("OFFLINE", ""), details: {} };
}

/** Reads an error of the API. Refusals carry a stable code and a sentence for the person at the screen. */
export function problemOf(error: CombinedError | undefined): Problem | null {
  if (!error) return null;
  if (error.networkError) return offline();
  const first = error.graphQLErrors[0];
  const ext = first?.extensions ?? {};
  const code = typeof ext.code === "string" ? ext.code : "INTERNAL";
  const details =
    typeof ext.details === "object" && ext.details !== null ? (ext.details as Record<string, unknown>) : {};
  const said = first?.message ?? error.message;
  const fault = typeof ext.fault === "string" ? ext.fault : "";
  const message = code === "INTERNAL" && !fault ? said : refusalWords(code, said, fault);
  return { kind: code === "INTERNAL" ? "fault" : "refused", code, message, details };
}
