import type { TFunction } from "i18next";

/** The reasons that have a translation. */
const reasons = [
  "EXPIRED",
  "CANCELLED",
  "REFUSED",
  "VOIDED",
  "ALL_REJECTED",
  "NO_ONE_AVAILABLE",
  "INTERACTION_MOVED_ON",
  "TRANSFER_ENDED",
  "MARKED",
  "SENT",
  "FAILED",
  "SUPERVISOR",
  "OWNER_GONE",
  "OWNER_SILENT",
  "OWNER_SIGNED_OUT",
  "OWNER_REMOVED",
  "WROTE_LAST",
  "OWNED",
  "OPENED_FIRST",
] as const;

/** Turns a code into plain text, for codes without a translation. */
export function plainText(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}

/** Translates a reason. Unknown codes are shown as plain text. */
export function reasonText(code: string, t: TFunction): string {
  const found = reasons.find((r) => r === code);
  return found ? t(`timeline.reasons.${found}`) : plainText(code);
}
