import { TZDate } from "@date-fns/tz";

// 2024-05-02 18:21:07[.123456][ UTC], as OneSignal writes it, and ISO 8601 with or without time and zone.
const moment =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(UTC|Z|[+-]\d{2}:?\d{2}))?)?$/;
const plainMoment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const minuteMs = 60_000;

/**
 * A moment out of ISO 8601, `YYYY-MM-DD HH:MM:SS`, Unix seconds (10 digits) or milliseconds (13 digits). A time
 * without an offset is in `timeZone` (IANA). Null when it is none of these or no such day exists.
 */
export function parseMoment(text: string, timeZone = "UTC"): Date | null {
  if (timeZone === "UTC" && plainMoment.test(text)) return parsePlain(text);
  const match = moment.exec(text);
  if (!match) {
    if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1000);
    return /^\d{13}$/.test(text) ? new Date(Number(text)) : null;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? "0").slice(0, 3).padEnd(3, "0"));
  // Both roll February 30th over to March 1st; nobody meant that.
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  const zone = match[8];
  if (zone === undefined && timeZone !== "UTC") {
    return new Date(new TZDate(year, month - 1, day, hour, minute, second, ms, timeZone).getTime());
  }
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second, ms);
  return new Date(at.getTime() - offsetMinutes(zone ?? "Z") * minuteMs);
}

/** Of the commonest form, without a match or its parts: an import reads two a row. */
function parsePlain(text: string): Date | null {
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) return null;
  // Date.UTC takes the years from 0 to 99 for those of the last century.
  const at = new Date(Date.UTC(year < 100 ? 2000 : year, month - 1, day, hour, minute, second));
  if (year < 100) at.setUTCFullYear(year, month - 1, day);
  return at;
}

const twoDigits = (text: string, at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;

/** Whether the calendar has this day; years from 1 on, since PostgreSQL has no year 0. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1));
}

/** East of Greenwich, as `+03:30` writes it. */
function offsetMinutes(zone: string): number {
  if (zone === "Z" || zone === "UTC") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** Seconds east of Greenwich as `+03:30`. Null when no place on earth has such an offset. */
export function offsetText(seconds: number): string | null {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes > 18 * 60) return null;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${seconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `2024-05-02`, also with a midnight after it, as spreadsheets write days; null when it is none. */
export function readDay(text: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/.exec(text);
  return match && isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? text.slice(0, 10) : null;
}

/** `18:21` or `18:21:07` as `18:21:00` or `18:21:07`; null when it is no time of day. */
export function readTimeOfDay(text: string): string | null {
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) return null;
  return text.length === 5 ? `${text}:00` : text;
}

/** The day after one of `YYYY-MM-DD`. */
export const nextDay = (day: string): string =>
  new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
