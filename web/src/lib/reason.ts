import type { TFunction } from "i18next";

/** Why somebody is paused, in words: a reason of the policy is said as it is, those of the program in the viewer's language. */
export function reasonWord(reason: string, t: TFunction): string {
  if (reason === "MISSED") return t("presence.reasonMISSED");
  return reason === "DISPOSITION" ? t("presence.reasonDISPOSITION") : reason;
}
