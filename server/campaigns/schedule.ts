import { addDays, addMonths, addWeeks, getDaysInMonth, setDate, startOfISOWeek } from "date-fns";
import { momentOf, type WallTime, wallTimeAt } from "../lib/wall-time.ts";
import { firstClock, lastClock } from "../messages/dues.ts";
import { type Schedule, usersOwn, weekdays } from "./plan-schema.ts";

/** One time that a campaign goes. */
export interface Run {
  /** When it is to start; of users' own time when the first clock on earth shows it. */
  at: Date;
  /** What each user's clock is to show; null where one moment counts for all. */
  wallTime: WallTime | null;
}

/** The zone that counts; `user` for each user's own. */
export const zoneOf = (schedule: Schedule, appZone: string): string =>
  schedule.kind === "now" ? appZone : (schedule.timeZone ?? appZone);

/** The runs of a schedule, in their order; of one that goes now there is none. It may not end. */
export function* runsOf(schedule: Schedule, appZone: string): Generator<Run> {
  if (schedule.kind === "now") return;
  const zone = zoneOf(schedule, appZone);
  for (const day of daysOf(schedule)) {
    const shown = { day, time: schedule.time };
    yield zone === usersOwn
      ? { at: momentOf(shown, firstClock), wallTime: shown }
      : { at: momentOf(shown, zone), wallTime: null };
  }
}

/** The first run after a moment, where `done` were before it; null when there is none any more. */
export function nextRun(
  schedule: Schedule,
  { appZone, after, done }: { appZone: string; after: Date; done: number },
): Run | null {
  const most = schedule.kind === "recurring" ? (schedule.runs ?? Number.POSITIVE_INFINITY) : 1;
  if (done >= most) return null;
  for (const run of runsOf(schedule, appZone)) if (run.at > after) return run;
  return null;
}

/**
 * The first run of a campaign that is launched now: what is over is left out, but while it is still to come for some
 * users by their own clocks it goes at once.
 */
export function firstRun(schedule: Schedule, { appZone, now }: { appZone: string; now: Date }): Run | null {
  for (const run of runsOf(schedule, appZone)) {
    const end = run.wallTime === null ? run.at : momentOf(run.wallTime, lastClock);
    if (end > now) return run;
  }
  return null;
}

/** What each user's clock is to show of a run that starts then; null where one moment counts for all. */
export const wallTimeOfRun = (schedule: Schedule, appZone: string, at: Date): WallTime | null =>
  zoneOf(schedule, appZone) === usersOwn ? wallTimeAt(at, firstClock) : null;

/**
 * The runs from one moment to another, some of them at most. `next` is the first that is to come, after `done` that
 * were: of so many runs those before the span are some too.
 */
export function runsBetween(
  schedule: Schedule,
  {
    appZone,
    from,
    to,
    next = from,
    done,
    most,
  }: { appZone: string; from: Date; to: Date; next?: Date; done: number; most: number },
): Run[] {
  let left = schedule.kind === "recurring" ? (schedule.runs ?? Number.POSITIVE_INFINITY) - done : 1;
  const found: Run[] = [];
  for (const run of runsOf(schedule, appZone)) {
    if (run.at >= to || found.length >= most || left <= 0) break;
    if (run.at < next) continue;
    left--;
    if (run.at >= from) found.push(run);
  }
  return found;
}

type Repeating = Extract<Schedule, { kind: "recurring" }>;

/** Days as a calendar has them, without a zone. */
function* daysOf(schedule: Exclude<Schedule, { kind: "now" }>): Generator<string> {
  if (schedule.kind === "at") {
    yield schedule.day;
    return;
  }
  for (const day of repeat(schedule)) {
    if (schedule.until !== undefined && day > schedule.until) return;
    if (day >= schedule.from) yield day;
  }
}

/** No campaign repeats for longer: what never ends has to end somewhere. */
const longestYears = 50;

function* repeat(schedule: Repeating): Generator<string> {
  const start = dateOf(schedule.from);
  const last = textOf(addMonths(start, longestYears * 12));
  for (let turn = 0; ; turn += schedule.interval) {
    const days = daysOfTurn(schedule, start, turn).map(textOf);
    if (days.every((day) => day > last)) return;
    yield* days;
  }
}

function daysOfTurn(schedule: Repeating, start: Date, turn: number): Date[] {
  switch (schedule.every) {
    case "day":
      return [addDays(start, turn)];
    case "week": {
      const monday = addWeeks(startOfISOWeek(start), turn);
      const wanted = schedule.weekdays?.map((day) => weekdays.indexOf(day)) ?? [(start.getDay() + 6) % 7];
      return [...new Set(wanted)].sort((a, b) => a - b).map((day) => addDays(monday, day));
    }
    case "month": {
      const month = addMonths(setDate(start, 1), turn);
      return [setDate(month, Math.min(schedule.monthDay ?? start.getDate(), getDaysInMonth(month)))];
    }
  }
}

// In the zone of this machine, as date-fns counts; noon, since some zones skip midnight once a year.
const dateOf = (day: string): Date => {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12);
};
const two = (number: number) => String(number).padStart(2, "0");
const textOf = (date: Date): string =>
  `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
