import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { Words } from "../../ui/describeAudience.ts";

type Planned = Pick<Campaign, "schedule" | "limits" | "rollout">;

function describeSchedule({ schedule }: Planned, { strings, format }: Words): string[] {
  const texts = strings.results.scheduled;
  if (schedule.kind === "now") return [texts.now];
  const time = format.timeOfDay(schedule.time);
  const zone =
    schedule.timeZone === undefined
      ? []
      : schedule.timeZone === "user"
        ? [texts.usersZone]
        : [texts.zoneOf(`\u2066${schedule.timeZone}\u2069`)];
  if (schedule.kind === "at") return [texts.at(format.calendarDay(schedule.day), time), ...zone];
  const { every, interval, weekdays, monthDay, from, until, runs } = schedule;
  const names = (weekdays ?? []).map((day) => strings.plan.when.weekdayNames[day]);
  return [
    [
      interval === 1 ? texts.every[every] : texts.everyMany(format.span(interval, every)),
      ...(names.length > 0 ? [texts.onDays(format.list(names, "conjunction"))] : []),
      ...(monthDay === undefined ? [] : [texts.onMonthDay(format.digits(monthDay))]),
    ].join(" "),
    time,
    ...zone,
    texts.from(format.calendarDay(from)),
    ...(until === undefined ? [] : [texts.until(format.calendarDay(until))]),
    ...(runs === undefined ? [] : [texts.times(format.number(runs))]),
  ];
}

/** When and how a campaign goes, in one line. */
export function describePlan(campaign: Planned, words: Words): string {
  const { strings, format } = words;
  const texts = strings.results.scheduled;
  const { limits, rollout } = campaign;
  return [
    ...describeSchedule(campaign, words),
    ...(limits.throttle === undefined ? [] : [texts.throttle(format.number(limits.throttle))]),
    ...(limits.quietHours ? [] : [texts.noQuiet]),
    ...(limits.cap ? [] : [texts.noCap]),
    ...(rollout === null ? [] : [strings.plan.review.rolloutOf(format.percent(rollout.share, 100))]),
  ].join(strings.common.comma);
}
