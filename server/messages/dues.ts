import sql from "sql-template-tag";
import { readTimeZone } from "../accounts/time-zone.ts";
import type { Queryable } from "../db/database.ts";
import { isClock, momentOf, type WallTime } from "../lib/wall-time.ts";
import type { Dues } from "./queries/new-chunks.ts";

/** The clocks of the earth that are the first and the last to show anything (IANA names). */
export const firstClock = "Pacific/Kiritimati";
export const lastClock = "Etc/GMT+12";

/**
 * When the users of a range are due: now, or when their own clocks show this; those without a zone by the clocks of the
 * app. Who has it behind them is due at once.
 */
export async function duesOf(
  db: Queryable,
  appKey: number,
  wallTime: WallTime | null,
  range: { from: string; to: string | null },
  now: Date,
): Promise<Dues> {
  if (wallTime === null) return { zones: [], moments: [], otherwise: now };
  const zones = (await listZones(db, appKey, range)).filter(isClock);
  const later = (at: Date) => (at > now ? at : now);
  return {
    zones,
    moments: zones.map((zone) => later(momentOf(wallTime, zone))),
    otherwise: later(momentOf(wallTime, await readTimeZone(db, appKey))),
  };
}

/** The zones of the devices of a range of users, each once. */
async function listZones(
  db: Queryable,
  appKey: number,
  { from, to }: { from: string; to: string | null },
): Promise<string[]> {
  const { rows } = await db.query<{ zone: string }>(sql`
    select distinct time_zone as zone
    from installations
    where app_key = ${appKey} and user_key >= ${from}::uuid and (${to}::uuid is null or user_key < ${to}::uuid)
      and time_zone is not null`);
  return rows.map(({ zone }) => zone);
}

/** The same, so much later. */
export const laterBy = ({ zones, moments, otherwise }: Dues, ms: number): Dues => ({
  zones,
  moments: moments.map((at) => new Date(at.getTime() + ms)),
  otherwise: new Date(otherwise.getTime() + ms),
});
