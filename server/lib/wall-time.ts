import { TZDate } from "@date-fns/tz";
import { isTimeZone } from "./time-zones.ts";

// Devices of which no more is known than how far they are from UTC.
const offset = /^([+-])(0\d|1[0-8]):([0-5]\d)$/;

/** Whether clocks of this zone can be told: an IANA name, or an offset such as `+03:30`. */
export const isClock = (zone: string): boolean => offset.test(zone) || isTimeZone(zone);

/** What a clock shows: a day and a time of day to the minute. */
export interface WallTime {
  /** `2026-12-01`. */
  day: string;
  /** `10:00`. */
  time: string;
}

/**
 * When the clocks of a zone show this. Of an hour that they skip it is the moment by which they would have come to it,
 * of one that comes twice the first.
 */
export function momentOf({ day, time }: WallTime, zone: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const east = offset.exec(zone);
  if (east) {
    const minutes = Number(east[2]) * 60 + Number(east[3]);
    return new Date(
      Date.UTC(year, month - 1, date, hour, minute) - (east[1] === "-" ? -1 : 1) * minutes * 60_000,
    );
  }
  const found = new TZDate(year, month - 1, date, hour, minute, 0, 0, zone).getTime();
  // Clocks are put back by an hour; on Lord Howe by half of one.
  const earlier = [60, 30].map((minutes) => new Date(found - minutes * 60_000));
  return earlier.find((at) => isAt(wallTimeAt(at, zone), { day, time })) ?? new Date(found);
}

const isAt = (shown: WallTime, { day, time }: WallTime) => shown.day === day && shown.time === time;

/** What the clocks of a zone show at a moment. */
export function wallTimeAt(at: Date, zone: string): WallTime {
  const east = offset.exec(zone);
  const shown = east
    ? new Date(
        at.getTime() + (east[1] === "-" ? -1 : 1) * (Number(east[2]) * 60 + Number(east[3])) * 60_000,
      ).toISOString()
    : isoOf(new TZDate(at.getTime(), zone));
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) };
}

const two = (number: number) => String(number).padStart(2, "0");
const isoOf = (date: TZDate) =>
  `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
