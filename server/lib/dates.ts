// 2024-05-02 18:21:07[.123456][ UTC], as OneSignal writes it, and ISO 8601 with or without time and zone.
const moment =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(UTC|Z|[+-]\d{2}:?\d{2}))?)?$/;

const minuteMs = 60_000;

/**
 * A moment out of ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC), Unix seconds (10 digits) or milliseconds (13 digits).
 * A time without an offset is UTC. Null when it is none of these or no such day exists.
 */
export function parseMoment(text: string): Date | null {
  const match = moment.exec(text);
  if (!match) {
    if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1000);
    return /^\d{13}$/.test(text) ? new Date(Number(text)) : null;
  }
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  const date = new Date(at);
  // Date.UTC turns February 30th into March 1st and 25:00 into the next day; nobody meant that.
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return new Date(at - offsetMinutes(zone) * minuteMs);
}

/** East of Greenwich, as `+03:30` writes it. */
function offsetMinutes(zone: string): number {
  if (zone === "Z" || zone === "UTC") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}
