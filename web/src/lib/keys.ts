/**
 * All keyboard shortcuts. The help dialog, the tooltips and the handlers read this table. Careful ones do harm when they
 * are part of a text typed without a text field.
 */
export const keymap = {
  palette: { keys: "mod+k", group: "everywhere" },
  help: { keys: "?", group: "everywhere" },
  goDashboard: { keys: "g d", group: "everywhere" },
  goInteractions: { keys: "g i", group: "everywhere" },
  goContacts: { keys: "g c", group: "everywhere" },
  goRealtime: { keys: "g r", group: "everywhere" },
  nextTab: { keys: "]", group: "everywhere" },
  previousTab: { keys: "[", group: "everywhere" },
  accept: { keys: "a", group: "offer" },
  reject: { keys: "x", group: "offer" },
  next: { keys: "j", group: "list" },
  previous: { keys: "k", group: "list" },
  open: { keys: "enter", group: "list" },
  search: { keys: "s", group: "list" },
  showNew: { keys: ".", group: "list" },
  reply: { keys: "r", group: "conversation" },
  note: { keys: "n", group: "conversation" },
  canned: { keys: "/", group: "conversation" },
  close: { keys: "e", group: "conversation", careful: true },
  closeNext: { keys: "shift+e", group: "conversation", careful: true },
  transfer: { keys: "t", group: "conversation" },
  panel: { keys: "i", group: "conversation" },
  back: { keys: "escape", group: "conversation" },
} as const satisfies Record<string, { keys: string; group: string; careful?: true }>;

export type KeyName = keyof typeof keymap;

/** Returns the keys of some shortcuts. */
export function keysOf(which: (shortcut: (typeof keymap)[KeyName]) => boolean): ReadonlySet<string> {
  return new Set(
    Object.values(keymap)
      .filter(which)
      .map((k) => k.keys),
  );
}

/** Returns the pressed keys in the notation of the table: "shift+e", "mod+k", "?". */
export function chord(e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = e.key.toLowerCase();
  const letter = key.length === 1 && key.toUpperCase() !== key;
  const parts: string[] = [];
  if (e.ctrlKey || e.metaKey) parts.push("mod");
  if (e.altKey) parts.push("alt");
  if (e.shiftKey && (letter || key.length > 1)) parts.push("shift");
  parts.push(key);
  return parts.join("+");
}

/** Reports whether the target is a text field, where single keys type text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type)
  );
}

/** Returns the labels of the shortcut's keys: "⌘ K" on a Mac, "Ctrl K" elsewhere. */
export function keyLabels(name: KeyName, mac = isMac()): string[] {
  return keymap[name].keys.split(/[ +]/).map((k) => {
    if (k === "mod") return mac ? "⌘" : "Ctrl";
    if (k === "shift") return mac ? "⇧" : "Shift";
    if (k === "enter") return "Enter";
    if (k === "escape") return "Esc";
    return k.toUpperCase();
  });
}

function isMac(): boolean {
  return typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.platform);
}
