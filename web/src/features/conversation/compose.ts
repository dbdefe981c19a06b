import type { InteractionAction } from "@/graphql/generated/graphql";

/** To whom one writes: the customer, colleagues, or the owner alone. */
export type Mode = "reply" | "note" | "whisper";

export const limit = 4096;

/** Characters past what the channel takes, counted as the customer would see them. */
export function tooMany(text: string): number {
  return Math.max(0, [...text.trim()].length - limit);
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

export type CannedValues = { customer: string; firstName: string; agent: string };

/** Fills the variables of a canned answer; one nobody knows stays as it is, so that it is seen before it is sent. */
export function fill(text: string, values: CannedValues): string {
  const known: Record<string, string> = {
    "customer.name": values.customer,
    "customer.firstname": values.firstName,
    "agent.name": values.agent,
    name: values.customer,
    agent: values.agent,
  };
  return text.replace(/\{\{?\s*([a-z.]+)\s*\}?\}/gi, (whole, name: string) => known[name.toLowerCase()] ?? whole);
}
