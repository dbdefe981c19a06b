import type { TFunction } from "i18next";

/** Puts a pause reason into words. Reasons from the policy are shown as they are, built-in ones are translated. */
export function pauseReason(reason: string, t: TFunction): string {
  if (reason === "MISSED") return t("presence.reasonMISSED");
  return reason === "DISPOSITION" ? t("presence.reasonDISPOSITION") : reason;
}
