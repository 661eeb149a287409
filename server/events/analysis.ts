import type { Sql } from "sql-template-tag";
import { readTimeZone } from "../accounts/time-zone.ts";
import { prepareAnalysis } from "../db/analysis.ts";
import type { Database, Queryable } from "../db/database.ts";
import { nextDay, parseMoment, readDay } from "../lib/dates.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import {
  countAnyOrder,
  countCohorts,
  countFunnel,
  countUsersOf,
  type EventScope,
  listBoundaries,
  listEventNames,
  listTotals,
  type TotalsRow,
} from "./queries.ts";
import type {
  CohortQuery,
  Cohorts,
  EventSummary,
  Funnel,
  FunnelQuery,
  Interval,
  Series,
  SeriesQuery,
} from "./schema.ts";

const dayMs = 86_400_000;
const defaultDays = 30;
const maxPoints = 1_000;
const maxCohorts = 60;

/** User keys of the members of a segment, to be nested; given from outside, since events know no segments. */
export type MembersOf = (appKey: number, segment: string) => Promise<Sql>;

/** What analyses need: the database, and who is in a segment. */
export interface AnalysisParts {
  db: Database;
  membersOf: MembersOf;
}

/** Every event name of the app with what it adds up to, the commonest first. */
export async function summariseEvents(
  db: Queryable,
  appKey: number,
  search: string | undefined,
): Promise<EventSummary[]> {
  const rows = await listEventNames(db, appKey);
  const wanted = search?.toLowerCase() ?? "";
  return rows
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map(({ valueCount, firstAt, lastAt, ...row }) => ({
      ...row,
      average: valueCount > 0 ? row.sum / valueCount : null,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
    }));
}

/** An event over time: how often, by how many, how much. */
export async function seriesOf(
  parts: AnalysisParts,
  appKey: number,
  name: string,
  query: SeriesQuery,
): Promise<Series> {
  const { scope, timeZone } = await scopeOf(parts, appKey, query);
  const intervals = await intervalsOf(parts.db, { ...scope, timeZone, interval: query.interval }, maxPoints);
  const cut = intervals.map(({ from, to }) => ({
    from: new Date(Math.max(from.getTime(), scope.from.getTime())),
    to: new Date(Math.min(to.getTime(), scope.to.getTime())),
  }));
  const [rows, users] = await Promise.all([
    analyse(parts, (tx) => listTotals(tx, scope, name, cut)),
    analyse(parts, (tx) => countUsersOf(tx, scope, name)),
  ]);
  if (rows.every(({ count }) => count === 0)) await requireName(parts.db, appKey, name);
  const total = rows.reduce(
    (sum, row) => ({
      count: sum.count + row.count,
      users,
      valueCount: sum.valueCount + row.valueCount,
      sum: (sum.sum ?? 0) + (row.sum ?? 0),
    }),
    { count: 0, users, valueCount: 0, sum: 0 as number | null },
  );
  return {
    ...rangeOf(scope, timeZone),
    ...{ name, interval: query.interval },
    points: rows.map((row, index) => ({
      at: (intervals[index]?.from ?? scope.from).toISOString(),
      ...totalsOf(row),
    })),
    total: totalsOf(total),
  };
}

const totalsOf = ({ valueCount, sum, ...row }: TotalsRow) => ({
  ...row,
  sum: sum ?? 0,
  average: valueCount > 0 ? (sum ?? 0) / valueCount : null,
});

/** How many users took the steps, one after the other. */
export async function funnelOf(parts: AnalysisParts, appKey: number, query: FunnelQuery): Promise<Funnel> {
  const { scope, timeZone } = await scopeOf(parts, appKey, query);
  const rows =
    query.order === "any"
      ? (await analyse(parts, (tx) => countAnyOrder(tx, scope, query.step))).map((users) => ({
          ...{ users, medianSeconds: null },
        }))
      : await analyse(parts, (tx) => countFunnel(tx, scope, query.step, query.withinHours ?? null));
  const share = (part: number, whole: number | undefined) => (whole ? part / whole : 0);
  return {
    ...rangeOf(scope, timeZone),
    steps: rows.map(({ users, medianSeconds }, index) => ({
      name: query.step[index] ?? "",
      users,
      ofFirst: share(users, rows[0]?.users),
      ofPrevious: share(users, rows[Math.max(0, index - 1)]?.users),
      medianSeconds: index === 0 ? null : medianSeconds,
    })),
  };
}

/** Who came back after their first time, interval by interval. */
export async function cohortsOf(parts: AnalysisParts, appKey: number, query: CohortQuery): Promise<Cohorts> {
  const { scope, timeZone } = await scopeOf(parts, appKey, query);
  const intervals = await intervalsOf(parts.db, { ...scope, timeZone, interval: query.interval }, maxCohorts);
  const names = { first: query.first, back: query.return };
  const starts = intervals.map(({ from }) => from);
  const cells = await analyse(parts, (tx) => countCohorts(tx, scope, names, starts));
  const users = new Map(cells.map((cell) => [`${cell.cohort}/${cell.later}`, cell.users]));
  return {
    ...rangeOf(scope, timeZone),
    interval: query.interval,
    cohorts: intervals.map(({ from }, cohort) => ({
      at: from.toISOString(),
      users: users.get(`${cohort}/-1`) ?? 0,
      returned: intervals.slice(cohort).map((_, later) => users.get(`${cohort}/${later}`) ?? 0),
    })),
  };
}

/** One question about many events. */
const analyse = <T>({ db }: AnalysisParts, ask: (tx: Queryable) => Promise<T>): Promise<T> =>
  db.transaction(async (tx) => {
    await prepareAnalysis(tx);
    return ask(tx);
  });

async function scopeOf(
  { db, membersOf }: AnalysisParts,
  appKey: number,
  query: { from?: string | undefined; to?: string | undefined; segment?: string | undefined },
): Promise<{ scope: EventScope; timeZone: string }> {
  const timeZone = await readTimeZone(db, appKey);
  const to = endOf(query.to, timeZone);
  const from = momentOf(query.from, timeZone) ?? new Date(to.getTime() - defaultDays * dayMs);
  if (from >= to) throw validationProblem([{ pointer: "?from", detail: "must be before `to`" }]);
  const members = query.segment === undefined ? null : await membersOf(appKey, query.segment);
  return { scope: { appKey, from, to, members }, timeZone };
}

const momentOf = (text: string | undefined, timeZone: string): Date | null =>
  text === undefined ? null : parseMoment(text, timeZone);

/** A day is meant with all of its hours. */
function endOf(text: string | undefined, timeZone: string): Date {
  if (text === undefined) return new Date();
  const isDay = text.length === 10 && readDay(text) !== null;
  const moment = parseMoment(isDay ? nextDay(text) : text, timeZone);
  return moment ?? new Date(); // the schema has read it before
}

async function intervalsOf(
  db: Queryable,
  range: { from: Date; to: Date; timeZone: string; interval: Interval },
  most: number,
): Promise<{ from: Date; to: Date }[]> {
  const shortest = { hour: 1, day: 23, week: 7 * 23, month: 28 * 23 }[range.interval] * 3_600_000;
  if ((range.to.getTime() - range.from.getTime()) / shortest > most * 1.1)
    throw tooMany(range.interval, most);
  const boundaries = await listBoundaries(db, range);
  if (boundaries.length - 1 > most) throw tooMany(range.interval, most);
  return boundaries.slice(1).map((to, index) => ({ from: boundaries[index] as Date, to }));
}

const tooMany = (interval: Interval, most: number) =>
  validationProblem([
    {
      pointer: "?interval",
      detail: `there would be more than ${most} intervals of one ${interval}; choose a longer one, or a shorter range`,
    },
  ]);

const rangeOf = ({ from, to }: EventScope, timeZone: string) => ({
  from: from.toISOString(),
  to: to.toISOString(),
  timeZone,
});

async function requireName(db: Queryable, appKey: number, name: string): Promise<void> {
  const rows = await listEventNames(db, appKey);
  if (rows.some((row) => row.name === name)) return;
  throw new Problem(
    "not_found",
    `There is no event ${JSON.stringify(name)} in this app; GET /api/events lists all.`,
  );
}
