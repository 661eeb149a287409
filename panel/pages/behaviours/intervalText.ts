import type { Interval } from "../../../server/events/schema.ts";
import type { Format } from "../../ui/format.ts";

/** The beginning of an interval as a row says it. */
export function intervalText(at: string, interval: Interval, format: Format): string {
  if (interval === "hour") return format.dateTime(at);
  return interval === "month" ? format.month(at) : format.date(at);
}

/** The beginning of an interval as there is room for beside an axis; `isOneDay` when all are hours of about a day. */
export function axisText(at: string, interval: Interval, isOneDay: boolean, format: Format): string {
  if (interval === "hour" && isOneDay) return format.clock(at);
  return interval === "month" ? format.month(at) : format.shortDate(at);
}
