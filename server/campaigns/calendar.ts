import { readTimeZone } from "../accounts/time-zone.ts";
import type { Queryable } from "../db/database.ts";
import { validationProblem } from "../lib/problem.ts";
import { listRunsBetween } from "../messages/messages.ts";
import { listScheduled } from "./queries.ts";
import { runsBetween, zoneOf } from "./schedule.ts";
import type { CalendarEntry, CalendarQuery } from "./schema.ts";

const dayMs = 86_400_000;
const mostDays = 100;
/** Of one campaign: every day of the longest span. */
const mostRuns = mostDays;

/** Runs of campaigns in a span of time: those that were, and those that are to come. */
export async function calendarOf(
  db: Queryable,
  appKey: number,
  query: CalendarQuery,
): Promise<CalendarEntry[]> {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  if (to <= from) throw validationProblem([{ pointer: "/to", detail: "must be later than from" }]);
  if (to.getTime() - from.getTime() > mostDays * dayMs)
    throw validationProblem([{ pointer: "/to", detail: `must be ${mostDays} days after from at most` }]);
  const appZone = await readTimeZone(db, appKey);
  const past = (await listRunsBetween(db, appKey, { from, to })).map(
    (run): CalendarEntry => ({ ...run, at: run.at.toISOString(), timeZone: null }),
  );
  const coming = (await listScheduled(db, appKey)).flatMap((row) => {
    const { schedule } = row.plan;
    const first = row.nextRunAt;
    if (first === null) return [];
    return runsBetween(schedule, {
      ...{ appZone, from, to, next: first, done: row.runs, most: mostRuns },
    }).map(
      ({ at }): CalendarEntry => ({
        ...{ campaignId: row.campaignId, name: row.name, channel: row.channel, messageId: null },
        ...{ status: row.phase === "paused" ? "paused" : "scheduled", at: at.toISOString() },
        timeZone: zoneOf(schedule, appZone),
      }),
    );
  });
  return [...past, ...coming].sort((a, b) => (a.at < b.at ? -1 : 1));
}
