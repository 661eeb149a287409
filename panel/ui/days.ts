const dayMs = 86_400_000;

/** The day that it is in a time zone, `2026-05-02`. */
export function dayIn(at: Date, timeZone: string): string {
  // Sweden writes days as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
  }).format(at);
}

/** The day so many days after another. */
export const nextDay = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
