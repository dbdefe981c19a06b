import type { InteractionFilter, InteractionOrder } from "@/graphql/generated/graphql";

/** The list's search parameters in the URL. Multiple values are separated by commas. */
export type ListSearch = {
  view?: View;
  read?: "yes" | "no";
  accounts?: string;
  queues?: string;
  owners?: string;
  first?: string;
  tags?: string;
  match?: "all";
  from?: string;
  to?: string;
  q?: string;
  order?: Exclude<InteractionOrder, "LAST_MESSAGE">;
  panel?: Panel;
};

export const views = ["mine", "waiting", "open", "closed", "all"] as const;
export type View = (typeof views)[number];
export const panels = ["contact", "interaction", "journey", "history"] as const;
export type Panel = (typeof panels)[number] | "hidden";

const day = /^\d{4}-\d{2}-\d{2}$/;

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((a) => a === value);
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Parses search parameters and ignores invalid ones. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const from = text(raw.from);
  const to = text(raw.to);
  const found: { [K in keyof ListSearch]: ListSearch[K] | undefined } = {
    view: oneOf(raw.view, views),
    read: oneOf(raw.read, ["yes", "no"] as const),
    accounts: text(raw.accounts),
    queues: text(raw.queues),
    owners: text(raw.owners),
    first: text(raw.first),
    tags: text(raw.tags),
    match: oneOf(raw.match, ["all"] as const),
    from: from && day.test(from) ? from : undefined,
    to: to && day.test(to) ? to : undefined,
    q: text(raw.q),
    order: oneOf(raw.order, ["STARTED", "WINDOW"] as const),
    panel: oneOf(raw.panel, [...panels, "hidden"] as const),
  };
  return Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
}

export function split(value: string | undefined): string[] {
  return value ? value.split(",").filter(Boolean) : [];
}

/** Adds or removes a value of a comma-separated parameter. Returns undefined if none is left. */
export function toggle(value: string | undefined, item: string): string | undefined {
  const now = split(value);
  const next = now.includes(item) ? now.filter((x) => x !== item) : [...now, item];
  return next.length > 0 ? next.join(",") : undefined;
}

/** Builds the filter for the API. Days are in the browser's time zone, and the last day is included. */
export function toFilter(s: ListSearch, me: string | undefined): InteractionFilter {
  const f: InteractionFilter = {};
  const view = s.view ?? "all";
  if (view === "closed") f.status = "CLOSED";
  if (view === "mine" || view === "waiting" || view === "open") f.status = "OPEN";
  if (view === "mine" && me) f.ownerIds = [me];
  if (view === "waiting") f.waiting = true;
  if (s.read) f.read = s.read === "yes";
  if (s.accounts) f.accountIds = split(s.accounts);
  if (s.queues) f.queueIds = split(s.queues);
  if (s.first) f.firstOwnerIds = split(s.first);
  if (s.owners) f.ownerIds = split(s.owners);
  if (s.tags) {
    f.tags = split(s.tags);
    f.tagsMatch = s.match === "all" ? "ALL" : "ANY";
  }
  if (s.from) f.startedFrom = startOf(s.from, 0);
  if (s.to) f.startedTo = startOf(s.to, 1);
  if (s.q) f.search = s.q;
  return f;
}

function startOf(date: string, plusDays: number): string {
  const [y = 0, m = 1, d = 1] = date.split("-").map(Number);
  return new Date(y, m - 1, d + plusDays).toISOString();
}

/** Counts the set filters, without view, search and order. */
export function countFilters(s: ListSearch): number {
  return [s.read, s.accounts, s.queues, s.owners, s.first, s.tags, s.from, s.to].filter(Boolean).length;
}

type Row = {
  status: string;
  read: boolean;
  waiting: boolean;
  tags: readonly string[];
  startedAt: string;
  account: { id: string };
  queue: { id: string } | null;
  owner: { id: string } | null;
  firstOwner: { id: string } | null;
};

/**
 * Reports whether a changed row matches the filter. With a search text it returns false, because only the server can
 * tell.
 */
export function matches(row: Row, f: InteractionFilter): boolean {
  const admits = (ids: readonly string[] | null | undefined, id: string | undefined) =>
    !ids || ids.length === 0 || (id !== undefined && ids.includes(id));
  if (f.search) return false;
  if (f.status && row.status !== f.status) return false;
  if (f.read !== undefined && f.read !== null && row.read !== f.read) return false;
  if (f.waiting !== undefined && f.waiting !== null && row.waiting !== f.waiting) return false;
  if (f.startedFrom && row.startedAt < f.startedFrom) return false;
  if (f.startedTo && row.startedAt >= f.startedTo) return false;
  if (f.tags && f.tags.length > 0) {
    const has = (tag: string) => row.tags.includes(tag);
    if (f.tagsMatch === "ALL" ? !f.tags.every(has) : !f.tags.some(has)) return false;
  }
  return (
    admits(f.accountIds, row.account.id) &&
    admits(f.queueIds, row.queue?.id) &&
    admits(f.ownerIds, row.owner?.id) &&
    admits(f.firstOwnerIds, row.firstOwner?.id)
  );
}
