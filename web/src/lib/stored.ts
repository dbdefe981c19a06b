import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a small choice of this person on this device. Where storage is refused it lasts as long as the page. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`parley.${key}`, value);
  } catch {
    // private windows may refuse; the choice then simply is not kept
  }
  for (const l of listeners) l();
}

export function remembered(key: string): string | null {
  return read(`parley.${key}`);
}

/** A remembered choice that redraws who shows it. */
export function useStored<T extends string>(key: string, fallback: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => remembered(key),
  );
  return [(value as T | null) ?? fallback, (v) => remember(key, v)];
}
