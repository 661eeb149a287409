import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** What is known of a device, for those who speak of it. */
export interface KnownDevice {
  id: string;
  deviceType: string;
  deviceModel: string | null;
  browser: string | null;
  osVersion: string | null;
  clientVersion: string | null;
  language: string | null;
  country: string | null;
  timeZone: string | null;
  launchCount: number | null;
  installDate: Date | null;
  launchTime: Date | null;
}

const fields = sql`
  i.installation_id as id, i.device_type as "deviceType", i.device_model as "deviceModel", i.browser,
  i.os_version as "osVersion", i.client_version as "clientVersion", i.language, i.country, i.time_zone as "timeZone",
  i.launch_count as "launchCount", i.install_date as "installDate", i.launch_time as "launchTime"`;

/** Devices by their keys, of these pairs of user and device. */
export const findDevices = (
  db: Queryable,
  appKey: number,
  pairs: { userKeys: readonly string[]; installationKeys: readonly string[] },
): Promise<Map<string, KnownDevice>> =>
  byKey(
    db,
    sql`
    select i.installation_key as key, ${fields}
    from unnest(${pairs.userKeys}::uuid[], ${pairs.installationKeys}::uuid[]) as p (user_key, installation_key)
    join installations i on i.app_key = ${appKey} and i.user_key = p.user_key
      and i.installation_key = p.installation_key`,
  );

/** The device that each user used last, by the key of the user; one that the app was removed from is none. */
export const findLatestDevices = (
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, KnownDevice>> =>
  byKey(
    db,
    sql`
    select distinct on (i.user_key) i.user_key as key, ${fields}
    from installations i
    where i.app_key = ${appKey} and i.user_key = any(${userKeys}::uuid[]) and i.uninstalled_at is null
    order by i.user_key, i.launch_time desc nulls last, i.updated_at desc, i.installation_key`,
  );

async function byKey(db: Queryable, query: Sql): Promise<Map<string, KnownDevice>> {
  const { rows } = await db.query<KnownDevice & { key: string }>(query);
  return new Map(rows.map(({ key, ...device }) => [key, device]));
}
