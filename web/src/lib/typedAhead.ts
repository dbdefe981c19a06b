let typed: string | null = null;
let giveUp = () => {};

function onKeyDown(e: KeyboardEvent) {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  e.stopPropagation();
  if (e.key === "Escape") {
    giveUp();
    takeTyped();
  } else if (e.key === "Backspace") typed = (typed ?? "").slice(0, -1);
  else if (e.key.length === 1) typed = (typed ?? "") + e.key;
}

/** From now on single keys run no command: they wait for the field that has been asked for. Escape gives it up. */
export function typeAhead(onGivenUp: () => void): void {
  giveUp = onGivenUp;
  if (typed !== null) return;
  typed = "";
  window.addEventListener("keydown", onKeyDown, true);
}

/** The field is there: what has been typed for it so far. */
export function takeTyped(): string {
  const text = typed ?? "";
  typed = null;
  window.removeEventListener("keydown", onKeyDown, true);
  return text;
}
