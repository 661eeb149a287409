// 2024-05-02 18:21:07[.123456][ UTC], as OneSignal writes it; the zone is UTC.
const spaced = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?: UTC|Z)?$/;
const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A moment out of ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC), Unix seconds (10 digits) or milliseconds (13 digits).
 * A time without an offset is UTC. Null when it is none of these or no such day exists.
 */
export function parseMoment(text: string): Date | null {
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1000);
  if (/^\d{13}$/.test(text)) return new Date(Number(text));
  const match = spaced.exec(text);
  if (match) return existing(`${match[1]}T${match[2]}.${(match[3] ?? "0").slice(0, 3)}Z`, text);
  if (!iso.test(text)) return null;
  const hasZone = !text.includes("T") || /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  return existing(hasZone ? text : `${text}Z`, text);
}

/** `new Date` turns February 30th into March 1st; that is not a date anybody meant. */
function existing(isoText: string, original: string): Date | null {
  const date = new Date(isoText);
  if (Number.isNaN(date.getTime())) return null;
  const [year = 0, month = 0, day = 0] = original.slice(0, 10).split("-").map(Number);
  const check = new Date(Date.UTC(year, month - 1, day));
  return check.getUTCMonth() === month - 1 && check.getUTCDate() === day ? date : null;
}
