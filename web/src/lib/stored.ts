import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores a preference on this device. Without storage it lasts as long as the page. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`parley.${key}`, value);
  } catch {
    // private windows may refuse storage
  }
  for (const l of listeners) l();
}

export function remembered(key: string): string | null {
  return read(`parley.${key}`);
}

/** Returns a stored preference and a setter. Components that use it render again when it changes. */
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
