import type { Schedule, Winner } from "../../../server/campaigns/plan-schema.ts";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { CampaignDraft } from "../../api/campaigns.ts";
import { readNumber } from "../segments/values.ts";

export type Weekday = NonNullable<Extract<Schedule, { kind: "recurring" }>["weekdays"]>[number];

/** The days of a week. Here again, since a schema brings its library along, which the panel's pages have no need of. */
export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly Weekday[];

/** Stands for a zone where each user's own clock counts. */
export const usersOwn = "user";

/** What a winner can be found by. */
export const winnerMeasures = ["clicked", "seen", "delivered"] as const satisfies readonly Winner["by"][];

export const everies = ["day", "week", "month"] as const;
type Every = (typeof everies)[number];

/** Seconds of the units that the time until a winner is given in. */
const units = { days: 86_400, hours: 3_600, minutes: 60 } as const;
export type WinnerUnit = keyof typeof units;
const leastWait = 60;
const mostWait = 14 * 86_400;

/** When a campaign goes, and what it keeps to, as it is written: numbers as they were typed. */
export interface PlanValues {
  when: "now" | "at" | "recurring";
  /** The day; of what recurs the first on which it may go. */
  day: string;
  time: string;
  /** IANA name; blank is the app's zone, `user` each user's own. */
  zone: string;
  every: Every;
  interval: string;
  /** Of weeks; none is the day of the week that it begins on. */
  weekdays: Weekday[];
  /** Of months; blank is the day that it begins on. */
  monthDay: string;
  end: "never" | "until" | "runs";
  until: string;
  runs: string;
  /** Recipients a minute; blank is as fast as it goes. */
  throttle: string;
  quietHours: boolean;
  cap: boolean;
  /** Per cent that go first; null is all at once. */
  rollout: string | null;
  winner: WinnerValues | null;
}

export interface WinnerValues {
  share: string;
  by: Winner["by"];
  /** By itself, or by somebody. */
  how: "after" | "hand";
  after: string;
  unit: WinnerUnit;
}

export const newWinner: WinnerValues = {
  share: "20",
  by: "clicked",
  how: "after",
  after: "4",
  unit: "hours",
};

export const noPlan: PlanValues = {
  ...{ when: "now", day: "", time: "10:00", zone: "", every: "week", interval: "1", weekdays: [] },
  ...{ monthDay: "", end: "never", until: "", runs: "10", throttle: "", quietHours: true, cap: true },
  ...{ rollout: null, winner: null },
};

type Saved = Pick<Campaign, "schedule" | "limits" | "rollout" | "winner">;

function readSchedule(schedule: Saved["schedule"]): Partial<PlanValues> {
  if (schedule.kind === "now") return { when: "now" };
  const { time, timeZone = "" } = schedule;
  if (schedule.kind === "at") return { when: "at", day: schedule.day, time, zone: timeZone };
  const { every, interval, weekdays = [], monthDay, from, until, runs } = schedule;
  return {
    ...{ when: "recurring", day: from, time, zone: timeZone, every, weekdays: [...weekdays] },
    interval: String(interval),
    monthDay: monthDay === undefined ? "" : String(monthDay),
    ...(runs !== undefined && { end: "runs", runs: String(runs) }),
    ...(until !== undefined && { end: "until", until }),
  };
}

function readWinner({ share, by, after }: NonNullable<Saved["winner"]>): WinnerValues {
  if (after === undefined) return { ...newWinner, share: String(share), by, how: "hand" };
  // The largest unit that it is a whole number of.
  const [unit, seconds] = (Object.entries(units) as [WinnerUnit, number][]).find(
    ([, size]) => after % size === 0,
  ) ?? ["minutes", 60];
  return { share: String(share), by, how: "after", after: String(after / seconds), unit };
}

/** A saved plan as it is shown. */
export function readPlan({ schedule, limits, rollout, winner }: Saved): PlanValues {
  return {
    ...noPlan,
    ...readSchedule(schedule),
    throttle: limits.throttle === undefined ? "" : String(limits.throttle),
    quietHours: limits.quietHours,
    cap: limits.cap,
    rollout: rollout === null ? null : String(rollout.share),
    winner: winner === null ? null : readWinner(winner),
  };
}

/** A whole number between two, as it was typed; null for anything else. */
export function readWhole(text: string, least: number, most: number): number | null {
  const number = readNumber(text);
  return number !== null && Number.isInteger(number) && number >= least && number <= most ? number : null;
}

const readShare = (text: string) => readWhole(text, 1, 99);

/** How long until the winner goes, in seconds; null when that is no number, too short or too long. */
function waitOf({ after, unit }: WinnerValues): number | null {
  const amount = readNumber(after);
  const seconds = amount === null ? null : Math.round(amount * units[unit]);
  return seconds === null || seconds < leastWait || seconds > mostWait ? null : seconds;
}

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** Where a plan is unfinished, or wrong; `today` is the day in the app's zone. */
export type PlanFault =
  | "day"
  | "past"
  | "time"
  | "interval"
  | "monthDay"
  | "until"
  | "runs"
  | "throttle"
  | "rollout"
  | "share"
  | "after"
  | "both";

function faultsOfSchedule(plan: PlanValues, today: string): PlanFault[] {
  if (plan.when === "now") return [];
  const faults: PlanFault[] = [];
  if (plan.day === "") faults.push("day");
  else if (plan.when === "at" && plan.day < today) faults.push("past");
  if (!isTime(plan.time)) faults.push("time");
  if (plan.when === "at") return faults;
  if (readWhole(plan.interval, 1, 100) === null) faults.push("interval");
  if (plan.every === "month" && plan.monthDay !== "" && readWhole(plan.monthDay, 1, 31) === null)
    faults.push("monthDay");
  if (plan.end === "until" && (plan.until === "" || plan.until < plan.day)) faults.push("until");
  if (plan.end === "runs" && readWhole(plan.runs, 1, 1000) === null) faults.push("runs");
  return faults;
}

/** Everything that is wrong with a plan. */
export function faultsOfPlan(plan: PlanValues, hasVariants: boolean, today: string): Set<PlanFault> {
  const faults = new Set(faultsOfSchedule(plan, today));
  if (plan.throttle !== "" && readWhole(plan.throttle, 1, 1_000_000) === null) faults.add("throttle");
  if (plan.rollout !== null && readShare(plan.rollout) === null) faults.add("rollout");
  if (!hasVariants || plan.winner === null) return faults;
  if (readShare(plan.winner.share) === null) faults.add("share");
  if (plan.winner.how === "after" && waitOf(plan.winner) === null) faults.add("after");
  if (plan.rollout !== null) faults.add("both");
  return faults;
}

function writeSchedule(plan: PlanValues): CampaignDraft["schedule"] {
  const { when, day, time, zone, every } = plan;
  if (when === "now") return { kind: "now" };
  // A day that is over is for the launch to refuse; it may be meant to be changed yet.
  if (faultsOfSchedule(plan, "").length > 0) return undefined;
  const common = { time, ...(zone !== "" && { timeZone: zone }) };
  if (when === "at") return { kind: "at", day, ...common };
  return {
    ...{ kind: "recurring", every, interval: readWhole(plan.interval, 1, 100) ?? 1, ...common, from: day },
    ...(every === "week" && plan.weekdays.length > 0 && { weekdays: plan.weekdays }),
    ...(every === "month" && plan.monthDay !== "" && { monthDay: readWhole(plan.monthDay, 1, 31) ?? 1 }),
    ...(plan.end === "until" && { until: plan.until }),
    ...(plan.end === "runs" && { runs: readWhole(plan.runs, 1, 1000) ?? 1 }),
  };
}

function writeWinner(winner: WinnerValues): Winner | undefined {
  const share = readShare(winner.share);
  const after = winner.how === "after" ? waitOf(winner) : undefined;
  if (share === null || after === null) return undefined;
  return { share, by: winner.by, ...(after !== undefined && { after }) };
}

/** What is saved. What is unfinished is left out, so that it stays as it was. */
export function writePlan(
  plan: PlanValues,
  hasVariants: boolean,
): Pick<CampaignDraft, "schedule" | "limits" | "rollout" | "winner"> {
  const schedule = writeSchedule(plan);
  const throttle = readWhole(plan.throttle, 1, 1_000_000);
  const winner = hasVariants && plan.winner !== null ? writeWinner(plan.winner) : null;
  const share = plan.rollout === null ? null : readShare(plan.rollout);
  // A roll-out beside a winner is refused: it is said where they stand.
  const rollout = share === null || winner ? null : { share };
  return {
    ...(schedule !== undefined && { schedule }),
    limits: { quietHours: plan.quietHours, cap: plan.cap, ...(throttle !== null && { throttle }) },
    rollout,
    ...(winner !== undefined && { winner }),
  };
}

/** Whether the zone is each user's own. */
export const isUsersOwn = ({ zone }: Pick<PlanValues, "zone">): boolean => zone === usersOwn;
