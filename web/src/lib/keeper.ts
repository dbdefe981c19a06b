/** How long after the last change a draft is saved, in milliseconds. */
const saveDelay = 900;
/** How long after a save that failed it is tried again. */
const retryDelay = 5000;

/** Saves something that is being written: not with every key, but never later than `flush`. */
export type Keeper<T> = {
  change: (next: T) => void;
  /** Saves now what is not saved yet. */
  flush: () => Promise<void>;
};

/** Creates a keeper. `saved` is what the server has, null if that is not known. A save that fails is tried again. */
export function createKeeper<T>(
  saved: T | null,
  same: (a: T, b: T) => boolean,
  save: (value: T) => Promise<boolean>,
): Keeper<T> {
  let known = saved;
  let latest: T | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = async () => {
    clearTimeout(timer);
    if (latest === null || (known !== null && same(known, latest))) return;
    const sent = latest;
    const before = known;
    known = sent;
    if (await save(sent)) return;
    if (known === sent) known = before;
    if (latest === sent) later(retryDelay);
  };
  const later = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delay);
  };
  return {
    change(next) {
      latest = next;
      later(saveDelay);
    },
    flush,
  };
}
