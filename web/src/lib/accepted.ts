import { startTypeAhead, takeTypedText } from "./typeAhead";

/** How a conversation was accepted: with its button, or with a key, which says that the agent works with shortcuts. */
export type Means = "button" | "key";

const patience = 10_000; // milliseconds; afterwards the keyboard works as usual

let awaited: { interactionId: string; means: Means } | null = null;
let timer = 0;

/**
 * Starts waiting for the conversation that the agent has just accepted. Until it is on the screen, no letter runs a
 * shortcut, because it would act on the conversation before. After a click, letters are kept for its text box.
 */
export function awaitConversation(interactionId: string, means: Means): void {
  stopWaiting();
  awaited = { interactionId, means };
  if (means === "button") startTypeAhead(stopWaiting);
  window.addEventListener("pointerdown", stopWaiting, true);
  timer = window.setTimeout(stopWaiting, patience);
}

/** Ends the wait: the accept was refused, or the agent turned to something else. */
export function stopWaiting(): void {
  if (!awaited) return;
  if (awaited.means === "button") takeTypedText();
  awaited = null;
  window.clearTimeout(timer);
  window.removeEventListener("pointerdown", stopWaiting, true);
}

/** Reports whether an accepted conversation is not on the screen yet. */
export function isWaiting(): boolean {
  return awaited !== null;
}

/** Reports whether this conversation is about to appear because the agent clicked Accept. */
export function acceptedByButton(interactionId: string): boolean {
  return awaited?.interactionId === interactionId && awaited.means === "button";
}

/**
 * Ends the wait because this conversation is on the screen. Returns what was typed before, or null if it was not accepted
 * with the button a moment ago.
 */
export function arrived(interactionId: string): string | null {
  if (awaited?.interactionId !== interactionId) return null;
  const typed = awaited.means === "button" ? takeTypedText() : null;
  stopWaiting();
  return typed;
}
