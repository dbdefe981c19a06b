import { isComposing } from "./composition";

let typed: string | null = null;
let cancel = () => {};

function onKeyDown(e: KeyboardEvent) {
  if (isComposing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  e.stopPropagation();
  if (e.key === "Escape") {
    cancel();
    takeTypedText();
  } else if (e.key === "Backspace") typed = (typed ?? "").slice(0, -1);
  else if (e.key.length === 1) typed = (typed ?? "") + e.key;
}

/** Collects typed characters for a field that is about to appear, so that they don't run shortcuts. Escape cancels. */
export function startTypeAhead(onCancel: () => void): void {
  cancel = onCancel;
  if (typed !== null) return;
  typed = "";
  window.addEventListener("keydown", onKeyDown, true);
}

/** Stops collecting and returns the text typed so far. */
export function takeTypedText(): string {
  const text = typed ?? "";
  typed = null;
  window.removeEventListener("keydown", onKeyDown, true);
  return text;
}
