import { outbox } from "./outbox";
import { forgetWriting } from "./useDraft";
import { forgetFiles } from "./useFiles";

/** Reports whether leaving the page now would lose a message: it is on its way, and the server doesn't keep it yet. */
export function wouldLose(items: readonly { kept: boolean }[]): boolean {
  return items.some((p) => !p.kept);
}

/** Makes the browser ask before the page goes away with such a message. Returns the function that ends this. */
export function guardUnsent(): () => void {
  const ask = (e: BeforeUnloadEvent) => {
    if (wouldLose(outbox.all())) e.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}

/** Forgets what the user wrote on this page, because someone else may sign in next. Drafts stay on the server. */
export function forgetUnsent(): void {
  outbox.clear();
  forgetWriting();
  forgetFiles();
}
