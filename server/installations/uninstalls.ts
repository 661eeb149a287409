import sql from "sql-template-tag";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { installationKey } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { addTally } from "../users/tallies.ts";
import { revoked } from "./presence.ts";
import { raiseCredentialsVersion } from "./queries.ts";
import type { DeviceType } from "./schema.ts";

interface App {
  appKey: number;
  appId: string;
}

/**
 * The app was removed from a device: it is reached no more until it registers again, its push token is forgotten, and
 * its password opens nothing any more.
 * Saying so twice is saying it once.
 */
export async function removeInstallation(db: Database, { appKey, appId }: App, id: string): Promise<void> {
  const key = installationKey(appId, id);
  const now = new Date();
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ userKey: string }>(sql`
      update installation_directory set token_hash = null
      where app_key = ${appKey} and installation_key = ${key}
      returning user_key as "userKey"`);
    const owner = rows[0];
    if (!owner) throw new Problem("not_found", `There is no installation ${JSON.stringify(id)} in this app.`);
    const { rowCount } = await tx.query(sql`
      update installations set uninstalled_at = ${now}, device_token = null, token_service = null, updated_at = ${now}
      where app_key = ${appKey} and user_key = ${owner.userKey} and installation_key = ${key}
        and uninstalled_at is null`);
    if (rowCount === 0) return;
    await tx.query(sql`
      insert into uninstalls (app_key, user_key, installation_key, at)
      values (${appKey}, ${owner.userKey}, ${key}, ${now})
      on conflict do nothing`);
    await addTally(tx, appKey, { uninstalls: 1 }, now);
    await raiseCredentialsVersion(tx, appKey, key);
    await notify(tx, revoked, key);
    await tx.query(sql`delete from presence where app_key = ${appKey} and installation_key = ${key}`);
  });
}

export interface Uninstall {
  time: string;
  installationId: string;
  deviceType: DeviceType;
  userId: string;
}

/** Uninstalls between two moments, the latest first, and how many there are in all. */
export async function reportUninstalls(
  db: Queryable,
  appKey: number,
  report: { from: Date; to: Date; isChurn: boolean; offset: number; limit: number },
): Promise<{ count: number; data: Uninstall[] }> {
  // Churn: nobody is left whom a message could reach on another device.
  const churned = report.isChurn
    ? sql`not exists (
        select from installations o
        where o.app_key = ${appKey} and o.user_key = n.user_key and o.uninstalled_at is null
      )`
    : sql`true`;
  const found = sql`
    from uninstalls n
    join installations i on i.app_key = ${appKey} and i.user_key = n.user_key
      and i.installation_key = n.installation_key
    where n.app_key = ${appKey} and n.at >= ${report.from} and n.at <= ${report.to} and ${churned}`;
  const { rows: counted } = await db.query<{ count: number }>(sql`select count(*) as count ${found}`);
  const { rows } = await db.query<Omit<Uninstall, "time"> & { at: Date }>(sql`
    select l.at, l.installation_id as "installationId", l.device_type as "deviceType", u.user_id as "userId"
    from (
      select n.at, n.user_key, n.installation_key, i.installation_id, i.device_type
      ${found}
      order by n.at desc, n.installation_key
      limit ${report.limit} offset ${report.offset}
    ) as l
    join users u on u.app_key = ${appKey} and u.user_key = l.user_key
    order by l.at desc, l.installation_key`);
  return {
    count: counted[0]?.count ?? 0,
    data: rows.map(({ at, ...row }) => ({ time: at.toISOString(), ...row })),
  };
}
