import type { Interval } from "../../../server/events/schema.ts";
import { type Range, type Span, spans } from "./range.ts";

/** What of an event is shown over time. */
export const measures = ["count", "users", "sum", "average"] as const;
export type Measure = (typeof measures)[number];

export const intervals = ["hour", "day", "week", "month"] as const satisfies readonly Interval[];
export const cohortIntervals = ["day", "week", "month"] as const;

export const maxSteps = 10;
/** A year, with a leap day. */
export const maxWithinHours = 24 * 366;

export const sortKeys = ["name", "count", "users", "sum", "average", "firstAt", "lastAt"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What the list's address says. */
export interface ListSettings {
  search?: string | undefined;
  sort?: SortKey | undefined;
  up?: true | undefined;
}

/** What every analysis looks at. Without `span`, `from` and `to` it is what {@link rangeOf} is told. */
export interface ScopeSettings {
  span?: Span | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Id or name. */
  segment?: string | undefined;
}

export interface TrendSettings extends ScopeSettings {
  name?: string | undefined;
  measure?: Measure | undefined;
  interval?: Interval | undefined;
}

export interface FunnelSettings extends ScopeSettings {
  /** Those that are not chosen yet are blank. */
  steps?: string[] | undefined;
  order?: "any" | undefined;
  /** Hours after the first step. */
  within?: number | undefined;
}

export interface CohortSettings extends ScopeSettings {
  first?: string | undefined;
  return?: string | undefined;
  interval?: (typeof cohortIntervals)[number] | undefined;
  show?: "users" | undefined;
}

type Search = Record<string, unknown>;

/** Names may be digits, which the router reads as a number. */
function readText(value: unknown): string | undefined {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function readOne<T extends string>(value: unknown, all: readonly T[]): T | undefined {
  return all.find((item) => item === value);
}

function readDay(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value ? undefined : value;
}

/** Leaves out what is not there, so that the address stays short. */
function compact<T extends object>(settings: T): T {
  // The same type: all of its fields may be missing.
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}

function readScope(search: Search): ScopeSettings {
  const from = readDay(search.from);
  const to = readDay(search.to);
  const segment = readText(search.segment);
  return from !== undefined && to !== undefined && from <= to
    ? { from, to, segment }
    : { span: readOne(search.span, spans), segment };
}

/** The range that an address asks for. */
export function rangeOf(settings: ScopeSettings, fallback: Span): Range {
  const { from, to, span } = settings;
  return from !== undefined && to !== undefined ? { from, to } : (span ?? fallback);
}

/** A range as an address holds it. */
export function asSettings(range: Range): Pick<ScopeSettings, "span" | "from" | "to"> {
  return typeof range === "string"
    ? { span: range, from: undefined, to: undefined }
    : { span: undefined, ...range };
}

export function readList(search: Search): ListSettings {
  return compact({
    search: readText(search.search),
    sort: readOne(search.sort, sortKeys),
    up: search.up === true ? true : undefined,
  });
}

export function readTrend(search: Search): TrendSettings {
  return compact({
    name: readText(search.name),
    measure: readOne(search.measure, measures),
    interval: readOne(search.interval, intervals),
    ...readScope(search),
  });
}

export function readFunnel(search: Search): FunnelSettings {
  const steps: unknown = search.steps;
  const { within } = search;
  const isWithin = typeof within === "number" && within > 0 && within <= maxWithinHours;
  return compact({
    steps: Array.isArray(steps) ? steps.slice(0, maxSteps).map((step) => readText(step) ?? "") : undefined,
    order: search.order === "any" ? "any" : undefined,
    within: isWithin ? within : undefined,
    ...readScope(search),
  });
}

export function readCohort(search: Search): CohortSettings {
  return compact({
    first: readText(search.first),
    return: readText(search.return),
    interval: readOne(search.interval, cohortIntervals),
    show: search.show === "users" ? "users" : undefined,
    ...readScope(search),
  });
}
