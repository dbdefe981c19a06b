import { useEffect, useRef } from "react";
import { isWaiting } from "./accepted";
import { isComposing } from "./composition";
import { chord, isTyping, type KeyName, keymap, keysOf } from "./keys";

type Handler = () => void;

const stacks = new Map<string, Handler[]>();
let prefix = "";
let prefixTimer = 0;

/** How long after a letter that is no command, in milliseconds, the next letters are taken for text. */
const textGap = 1000;
let strayAt = Number.NEGATIVE_INFINITY;
const careful = keysOf((k) => "careful" in k);
const answersOffer = keysOf((k) => k.group === "offer");

/** Calls the handler for the pressed keys. The most recently mounted component wins. */
function onKeyDown(e: KeyboardEvent) {
  if (e.defaultPrevented || isComposing(e)) return;
  const pressed = chord(e);
  const single = !pressed.startsWith("mod+");
  if (single && isTyping(e.target)) return;
  // Enter and Escape belong to the focused control.
  if (
    pressed === "enter" &&
    e.target instanceof HTMLElement &&
    e.target.closest("a,button,[role=menuitem],[role=option]")
  )
    return;
  if (single && document.querySelector("[role=dialog][data-state=open],[role=menu][data-state=open]")) return;
  if (single && isWaiting() && !answersOffer.has(pressed)) return;
  const sequence = prefix ? `${prefix} ${pressed}` : pressed;
  prefix = "";
  window.clearTimeout(prefixTimer);
  if (careful.has(sequence) && e.timeStamp - strayAt < textGap) {
    strayAt = e.timeStamp; // part of a word, typed by someone who believes that the text box has the focus
    return;
  }
  const handler = stacks.get(sequence)?.at(-1);
  if (handler) {
    e.preventDefault();
    handler();
    return;
  }
  if ([...stacks.keys()].some((k) => k.startsWith(`${pressed} `))) {
    prefix = pressed;
    prefixTimer = window.setTimeout(() => {
      prefix = "";
    }, 900);
  } else if (e.key.length === 1 && single) strayAt = e.timeStamp;
}

/** Runs the handler when the shortcut is pressed. Returns the function that ends this. */
export function listen(name: KeyName, handler: Handler): () => void {
  const { keys } = keymap[name];
  if (stacks.size === 0) window.addEventListener("keydown", onKeyDown);
  const stack = stacks.get(keys) ?? [];
  stack.push(handler);
  stacks.set(keys, stack);
  return () => {
    const rest = stack.filter((h) => h !== handler);
    stack.splice(0, stack.length, ...rest);
    if (stack.length === 0) stacks.delete(keys);
    if (stacks.size === 0) window.removeEventListener("keydown", onKeyDown);
  };
}

/** Runs the handler when the shortcut is pressed while this component is mounted. */
export function useKey(name: KeyName, handler: Handler, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    return listen(name, () => latest.current());
  }, [name, enabled]);
}
