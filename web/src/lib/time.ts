import { useSyncExternalStore } from "react";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const writers = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes a hundred times as long as using it, so each is made once. */
function writer(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const kept = writers.get(key);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat(locale, options);
  writers.set(key, made);
  return made;
}

/** Time of day in the reader's language: 14:05. */
export function clock(at: string | number | Date, locale: string): string {
  return writer(locale, { timeStyle: "short" }).format(new Date(at));
}

/** Date and time as they stand on the screen. */
export function moment(at: string | number | Date, locale: string): string {
  return writer(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Date and time to the second, for hovers. */
export function full(at: string | number | Date, locale: string): string {
  return writer(locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
}

/** The shortest date that says which day it was: 14:05 today, Mon this week, 3 May this year, else 03/05/24. */
export function short(at: string | number | Date, locale: string, now = Date.now()): string {
  const d = new Date(at);
  const age = startOfDay(now) - startOfDay(d);
  if (age <= 0) return clock(d, locale);
  if (age < 6 * day) return writer(locale, { weekday: "short" }).format(d);
  if (d.getFullYear() === new Date(now).getFullYear()) {
    return writer(locale, { day: "numeric", month: "short" }).format(d);
  }
  return writer(locale, { dateStyle: "short" }).format(d);
}

/** The words on a day separator: Today, Yesterday, Monday 3 May. */
export function dayName(at: string | number | Date, locale: string, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (days >= 0 && days < 2) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return writer(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(new Date(at));
}

export function startOfDay(at: string | number | Date): number {
  const d = new Date(at);
  d.setHours(0, 0, 0, 0);
  return d.getTime();
}

/** How long something has lasted, in the two largest units that matter: 42s, 3m 05s, 2h 10m, 3d 4h. */
export function lasted(ms: number): string {
  const t = Math.max(0, ms);
  const pad = (n: number) => String(Math.floor(n)).padStart(2, "0");
  if (t < minute) return `${Math.floor(t / second)}s`;
  if (t < hour) return `${Math.floor(t / minute)}m ${pad((t % minute) / second)}s`;
  if (t < day) return `${Math.floor(t / hour)}h ${pad((t % hour) / minute)}m`;
  return `${Math.floor(t / day)}d ${Math.floor((t % day) / hour)}h`;
}

const tickers = new Set<() => void>();
let now = Date.now();
let timer = 0;

function subscribe(l: () => void): () => void {
  if (tickers.size === 0) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      for (const t of tickers) t();
    }, second);
  }
  tickers.add(l);
  return () => {
    tickers.delete(l);
    if (tickers.size === 0) window.clearInterval(timer);
  };
}

/** The present, once a second, for everything on the screen from one timer. `every` keeps coarse readers still. */
export function useNow(every = second): number {
  return useSyncExternalStore(subscribe, () => Math.floor((tickers.size === 0 ? Date.now() : now) / every) * every);
}
