import type { Interval } from "../../../server/events/schema.ts";

/** Ready-made ranges that end now. */
export const spans = ["24h", "7d", "30d", "90d", "365d"] as const;
export type Span = (typeof spans)[number];

/** From when to when: a span that ends now, or whole days of the app's time zone as `YYYY-MM-DD`, the last included. */
export type Range = Span | { from: string; to: string };

const spanDays: Record<Span, number> = { "24h": 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The day that `now` (ms since 1970) is in, as `YYYY-MM-DD`. */
function dayOf(now: number, timeZone: string): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
}

/** A day, `count` days later. */
const addDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, 10);

/** Days that a range touches. */
export const daysIn = (range: Range): number =>
  typeof range === "string" ? spanDays[range] : (Date.parse(range.to) - Date.parse(range.from)) / dayMs + 1;

/**
 * A range as the API takes it. Spans of days begin with a day, and that of a day with an hour of the app's clock, so that
 * the first interval is a whole one.
 */
export function boundsOf(range: Range, now: number, timeZone: string): { from: string; to?: string } {
  if (typeof range !== "string") return range;
  if (range !== "24h") return { from: addDays(dayOf(now, timeZone), 1 - spanDays[range]) };
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, minute: "numeric", second: "numeric" });
  const [minutes = 0, seconds = 0] = clock
    .formatToParts(now)
    .filter(({ type }) => type === "minute" || type === "second")
    .map(({ value }) => Number(value));
  const hour = now - (now % 1000) - (minutes * 60 + seconds) * 1000;
  return { from: new Date(hour - 23 * hourMs).toISOString() };
}

/** The days of a range, to go on from with others. */
export function asDays(range: Range, now: number, timeZone: string): { from: string; to: string } {
  if (typeof range !== "string") return range;
  const to = dayOf(now, timeZone);
  return { from: addDays(to, 1 - spanDays[range]), to };
}

const intervalDays: Record<Interval, number> = { hour: 1 / 24, day: 1, week: 7, month: 30 };

/** The intervals of `all` that cut a range into no more than `most` parts: beyond that the server refuses. */
export function intervalsFor<I extends Interval>(range: Range, all: readonly I[], most: number): I[] {
  return all.filter((interval) => daysIn(range) / intervalDays[interval] + 1 <= most);
}

/** The interval asked for if it fits the range; else the first of those that do. */
export function fitInterval<I extends Interval>(wanted: I, fitting: readonly I[], fallback: I): I {
  return fitting.includes(wanted) ? wanted : (fitting[0] ?? fallback);
}
