/**
 * The longest time, in milliseconds, between the end of a composition and the key press that ended it, in browsers that
 * report the end first. Nobody presses the next key that soon.
 */
const samePress = 100;

let endedAt = Number.NEGATIVE_INFINITY;

/** Remembers when the last composition of an input method ended. */
export function compositionEnded(e: Pick<Event, "timeStamp">): void {
  endedAt = e.timeStamp;
}

if (typeof window !== "undefined") window.addEventListener("compositionend", compositionEnded, true);

/**
 * Reports whether a key press belongs to an input method, such as the Enter that picks a Japanese word. Safari reports
 * that Enter after the end of the composition, so isComposing is not enough.
 */
export function isComposing(e: Pick<KeyboardEvent, "isComposing" | "keyCode" | "timeStamp">): boolean {
  const ours = e.isComposing || e.keyCode === 229 || Math.abs(e.timeStamp - endedAt) < samePress;
  endedAt = Number.NEGATIVE_INFINITY; // the next press is the agent's own
  return ours;
}
