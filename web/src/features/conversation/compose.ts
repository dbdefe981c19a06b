import type { InteractionAction } from "@/graphql/generated/graphql";

/** To whom one writes: the customer, colleagues, or the owner alone. */
export type Mode = "reply" | "note" | "whisper";

/** How many characters the channel takes: fewer under a file. */
export function limitOf(withFile: boolean): number {
  return withFile ? 1024 : 4096;
}

/** Characters past what the channel takes, counted as the customer would see them. */
export function tooMany(text: string, withFile: boolean): number {
  return Math.max(0, [...text.trim()].length - limitOf(withFile));
}

/** What may be written here, the customer first. */
export function modesOf(actions: readonly InteractionAction[]): Mode[] {
  const all: [InteractionAction, Mode][] = [
    ["REPLY", "reply"],
    ["NOTE", "note"],
    ["WHISPER", "whisper"],
  ];
  return all.flatMap(([action, mode]) => (actions.includes(action) ? [mode] : []));
}

/** Puts words where the caret is, in place of what is selected. */
export function insert(text: string, what: string, start: number, end: number): { text: string; caret: number } {
  return { text: text.slice(0, start) + what + text.slice(end), caret: start + what.length };
}
