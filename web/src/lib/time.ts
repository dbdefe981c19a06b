import { useSyncExternalStore } from "react";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Caches formatters: creating one costs a hundred times as much as using it. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const cached = formatters.get(key);
  if (cached) return cached;
  const created = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, created);
  return created;
}

/** Formats a time of day: 14:05. */
export function formatTime(at: string | number | Date, locale: string): string {
  return formatter(locale, { timeStyle: "short" }).format(new Date(at));
}

/** Formats a date and time. */
export function formatDateTime(at: string | number | Date, locale: string): string {
  return formatter(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Formats a date and time to the second, for tooltips. */
export function formatExactTime(at: string | number | Date, locale: string): string {
  return formatter(locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
}

/** Formats a date as briefly as possible: 14:05 today, Mon this week, 3 May this year, otherwise 03/05/24. */
export function formatShortDate(at: string | number | Date, locale: string, now = Date.now()): string {
  const d = new Date(at);
  const age = startOfDay(now) - startOfDay(d);
  if (age <= 0) return formatTime(d, locale);
  if (age < 6 * day) return formatter(locale, { weekday: "short" }).format(d);
  if (d.getFullYear() === new Date(now).getFullYear()) {
    return formatter(locale, { day: "numeric", month: "short" }).format(d);
  }
  return formatter(locale, { dateStyle: "short" }).format(d);
}

/** Names a day for the separators in a log: Today, Yesterday, Monday 3 May. */
export function formatDay(at: string | number | Date, locale: string, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (days >= 0 && days < 2) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return formatter(locale, {
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

type Unit = "second" | "minute" | "hour" | "day";

const amounts = new Map<string, Intl.NumberFormat>();

function amount(n: number, unit: Unit, locale: string, digits = 1): string {
  const key = `${locale} ${unit} ${digits}`;
  let format = amounts.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "narrow",
      minimumIntegerDigits: digits,
      roundingMode: "floor",
      maximumFractionDigits: 0,
    });
    amounts.set(key, format);
  }
  return format.format(n);
}

/** Formats a duration in its two largest units. In English: 42s, 3m 05s, 2h 10m, 3d 4h. */
export function formatDuration(ms: number, locale: string): string {
  const t = Math.max(0, ms);
  const two = (n: number, unit: Unit, rest: number, smaller: Unit, digits = 2) =>
    `${amount(n, unit, locale)} ${amount(rest, smaller, locale, digits)}`;
  if (t < minute) return amount(t / second, "second", locale);
  if (t < hour) return two(t / minute, "minute", (t % minute) / second, "second");
  if (t < day) return two(t / hour, "hour", (t % hour) / minute, "minute");
  return two(t / day, "day", (t % day) / hour, "hour", 1);
}

/** Formats an age in words and in its largest unit: 4 minutes. */
export function formatAge(ms: number, locale: string): string {
  const t = Math.max(0, ms);
  const [n, unit]: [number, Unit] =
    t < minute
      ? [t / second, "second"]
      : t < hour
        ? [t / minute, "minute"]
        : t < day
          ? [t / hour, "hour"]
          : [t / day, "day"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(Math.floor(n));
}

/** Formats a duration in minutes, rounded up: 2m. */
export function formatMinutes(ms: number, locale: string): string {
  return amount(Math.ceil(ms / minute), "minute", locale);
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

/**
 * Returns the current time, updated once a second by one shared timer. `every` rounds it down, so that coarse readers
 * render less often.
 */
export function useNow(every = second): number {
  return useSyncExternalStore(subscribe, () => Math.floor((tickers.size === 0 ? Date.now() : now) / every) * every);
}
