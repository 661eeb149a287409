import { readTimeZone } from "../accounts/time-zone.ts";
import type { Database } from "../db/database.ts";
import { validationProblem } from "../lib/problem.ts";
import { momentOf, wallTimeAt } from "../lib/wall-time.ts";
import { findAttention } from "./attention.ts";
import {
  countConnected,
  type DaySpan,
  findReach,
  listReach,
  type SendsRow,
  sumReasons,
  sumSends,
  sumTallies,
} from "./queries.ts";
import type { Dashboard, DashboardQuery, Numbers, Sends } from "./schema.ts";

const dayMs = 86_400_000;
const defaultDays = 7;
const maxDays = 92;

export async function readDashboard(
  db: Database,
  appKey: number,
  query: DashboardQuery,
  { isBrokerConnected, now }: { isBrokerConnected: () => boolean; now: Date },
): Promise<Dashboard> {
  const timeZone = await readTimeZone(db, appKey);
  const { day: today, time } = wallTimeAt(now, timeZone);
  const { from, to } = readRange(query, today);
  const spanOf = (day: string): DaySpan => ({
    day,
    from: momentOf({ day, time: "00:00" }, timeZone),
    to: momentOf({ day: dayAfter(day), time: "00:00" }, timeZone),
  });
  const days = daysFrom(from, to).map(spanOf);
  const yesterday = dayAfter(today, -1);
  const spans = [
    ...days,
    { ...spanOf(today), day: "today" },
    { ...spanOf(yesterday), day: "yesterday", to: momentOf({ day: yesterday, time }, timeZone) },
  ];
  // On two connections at most.
  const [sums, attention] = await Promise.all([
    (async () => ({
      people: await sumTallies(db, appKey, spans),
      sends: await sumSends(db, appKey, spans),
      failures: await sumReasons(db, appKey, { from: spanOf(from).from, to: spanOf(to).to }),
      reach: await listReach(db, appKey, { from, to }),
      nowReached: await findReach(db, appKey),
      connected: await countConnected(db, appKey),
    }))(),
    findAttention(db, appKey, { isBrokerConnected, now }),
  ]);
  const { people, sends, failures, reach, nowReached, connected } = sums;
  const reachOf = new Map(reach.map(({ day, ...numbers }) => [day, numbers]));
  const sendsOf = (day: string) => sends.filter((row) => row.day === day);
  const numbersOf = (day: string): Numbers => ({
    ...(people.get(day) ?? { users: 0, installations: 0, visits: 0, uninstalls: 0 }),
    ...totalOf(sendsOf(day)),
  });
  return {
    ...{ timeZone, today },
    now: nowReached && { ...nowReached, connected, at: nowReached.at.toISOString() },
    sofar: { today: numbersOf("today"), yesterday: numbersOf("yesterday") },
    days: days.map(({ day }) => ({
      ...{ day, ...numbersOf(day) },
      channels: Object.fromEntries(sendsOf(day).map(({ day: _, channel, ...counts }) => [channel, counts])),
      reach: reachOf.get(day) ?? null,
    })),
    ...{ failures, attention },
  };
}

/** Sums of all channels. */
function totalOf(rows: readonly SendsRow[]): Sends {
  const sum = (name: keyof Sends) => rows.reduce((total, row) => total + row[name], 0);
  return {
    ...{ targeted: sum("targeted"), sent: sum("sent"), delivered: sum("delivered") },
    ...{ seen: sum("seen"), clicked: sum("clicked"), failed: sum("failed") },
  };
}

const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** All days between two, these included. */
export function daysFrom(from: string, to: string): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, index) => dayAfter(from, index));
}

/** The days that are asked for. */
export function readRange(query: DashboardQuery, today: string): { from: string; to: string } {
  const to = query.to ?? today;
  const from = query.from ?? dayAfter(to, 1 - defaultDays);
  if (from > to) throw validationProblem([{ pointer: "?from", detail: `${from} is after ${to}` }]);
  if (daysFrom(from, to).length > maxDays)
    throw validationProblem([
      { pointer: "?from", detail: `expected ${maxDays} days at most, from ${from} on they are more` },
    ]);
  return { from, to };
}
