import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

// A row says that a device said hello and has not been seen to leave. It says nothing while nobody watches: api roles
// note every two seconds that they hear the broker.

/** Channel that names installations that may not be connected any more, as `app id/installation id`. */
export const revoked = "chapar_revoked";

/** After so long without a word of any api role, nobody would have told us who left. */
const watchedWithin = "10 seconds";

/** Which of these devices are connected. */
export async function findConnected(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ key: string }>(sql`
    select installation_key as key
    from presence
    where app_key = ${appKey} and installation_key = any(${installationKeys}::uuid[]) and not is_doubted
      and exists (
        select from broker_beats where seen_at > clock_timestamp() - ${watchedWithin}::interval
      )`);
  return new Set(rows.map((row) => row.key));
}

/** Those, and who perhaps is: publishing to somebody who is gone does no harm, leaving out somebody who is there does. */
export async function findListening(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ key: string }>(sql`
    select installation_key as key
    from presence
    where app_key = ${appKey} and installation_key = any(${installationKeys}::uuid[])`);
  return new Set(rows.map((row) => row.key));
}

/** A device came or went. */
export interface PresenceChange {
  appKey: number;
  installationKey: string;
  isConnected: boolean;
  at: Date;
}

/** Writes down who came and who went; of several changes of one device the last holds. */
export async function writePresence(db: Queryable, changes: readonly PresenceChange[]): Promise<void> {
  const last = new Map(changes.map((change) => [`${change.appKey} ${change.installationKey}`, change]));
  const [came, went] = [true, false].map((isConnected) =>
    [...last.values()].filter((change) => change.isConnected === isConnected),
  ) as [PresenceChange[], PresenceChange[]];
  if (came.length > 0)
    await db.query(sql`
      insert into presence (app_key, installation_key, connected_at)
      select * from unnest(
        ${came.map(({ appKey }) => appKey)}::integer[],
        ${came.map(({ installationKey }) => installationKey)}::uuid[],
        ${came.map(({ at }) => at)}::timestamptz[]
      ) as c (app_key, installation_key, connected_at)
      order by app_key, installation_key
      on conflict (app_key, installation_key) do update set connected_at = excluded.connected_at, is_doubted = false`);
  if (went.length > 0)
    await db.query(sql`
      delete from presence p
      using unnest(
        ${went.map(({ appKey }) => appKey)}::integer[],
        ${went.map(({ installationKey }) => installationKey)}::uuid[]
      ) as w (app_key, installation_key)
      where p.app_key = w.app_key and p.installation_key = w.installation_key`);
}

/** Who says something is there. */
export async function trustPresence(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<void> {
  await db.query(sql`
    update presence set is_doubted = false
    where app_key = ${appKey} and installation_key = any(${installationKeys}::uuid[]) and is_doubted`);
}

/** Whoever was connected may be gone. Those who were doubted for a day are. */
export async function doubtPresence(db: Queryable): Promise<void> {
  await db.query(sql`
    delete from presence where is_doubted and connected_at < clock_timestamp() - interval '1 day'`);
  await db.query(sql`update presence set is_doubted = true where not is_doubted`);
}

export async function clearPresence(db: Queryable): Promise<void> {
  await db.query(sql`delete from presence`);
}

/** Notes that a role hears this broker. Answers whether that is the first note. */
export async function beat(db: Queryable, brokerId: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update broker_beats set seen_at = clock_timestamp() where broker_id = ${brokerId}`);
  if (rowCount === 1) return false;
  await db.query(sql`
    insert into broker_beats (broker_id, seen_at) values (${brokerId}, clock_timestamp())
    on conflict (broker_id) do update set seen_at = excluded.seen_at`);
  return true;
}

/** Takes the note back; another role that hears it writes the next one soon. */
export async function stopBeating(db: Queryable, brokerId: string): Promise<void> {
  await db.query(sql`delete from broker_beats where broker_id = ${brokerId}`);
}

/** Whether somebody has heard this broker within the last so many milliseconds. */
export async function wasHeard(db: Queryable, brokerId: string, withinMs: number): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from broker_beats
    where broker_id = ${brokerId}
      and seen_at > clock_timestamp() - ${`${Math.max(0, withinMs)} milliseconds`}::interval`);
  return rows.length > 0;
}
