import type { TFunction } from "i18next";

/** Reasons stored as codes: those a new deployment starts with, and those the program itself pauses an agent for. */
const builtIn = ["BREAK", "LUNCH", "MEETING", "TRAINING", "MISSED", "DISPOSITION"] as const;

/** Puts a pause reason into words. Reasons that an administrator added are shown as they were written. */
export function pauseReason(reason: string, t: TFunction): string {
  const code = builtIn.find((b) => b === reason);
  return code ? t(`presence.reason${code}`) : reason;
}

/** Returns the code of a built-in reason that was written in the user's language, or the reason as written. */
export function pauseReasonFrom(words: string, t: TFunction): string {
  return builtIn.find((b) => pauseReason(b, t) === words) ?? words;
}
