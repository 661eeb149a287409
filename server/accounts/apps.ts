import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { Role } from "./roles.ts";

export interface App {
  appKey: number;
  appId: string;
  name: string;
  timeZone: string;
}

/** Of `apps a`. */
export const appColumns = sql`a.app_key as "appKey", a.app_id as "appId", a.name, a.time_zone as "timeZone"`;

export async function findApp(db: Queryable, appId: string): Promise<App | null> {
  const { rows } = await db.query<App>(sql`select ${appColumns} from apps a where a.app_id = ${appId}`);
  return rows[0] ?? null;
}

export async function listAppsOfAccount(db: Queryable, accountId: string): Promise<(App & { role: Role })[]> {
  const { rows } = await db.query<App & { role: Role }>(sql`
    select ${appColumns}, m.role
    from app_members m
    join apps a using (app_key)
    where m.account_id = ${accountId}
    order by a.app_key`);
  return rows;
}

/** Makes the app unless it is there; the answer says which. */
export async function insertApp(
  db: Queryable,
  app: { appId: string; name: string; timeZone: string; now: Date },
): Promise<{ app: App; isNew: boolean }> {
  const { rowCount } = await db.query(sql`
    insert into apps (app_id, name, time_zone, created_at)
    values (${app.appId}, ${app.name}, ${app.timeZone}, ${app.now})
    on conflict (app_id) do nothing`);
  const found = await findApp(db, app.appId);
  if (!found) throw new Error(`app ${app.appId} is neither new nor there`);
  return { app: found, isNew: rowCount === 1 };
}

export async function listApps(db: Queryable): Promise<App[]> {
  const { rows } = await db.query<App>(sql`select ${appColumns} from apps a order by a.app_key`);
  return rows;
}

/** Lets an account into an app. False when it is in already. */
export async function insertMember(
  db: Queryable,
  member: { appKey: number; accountId: string; role: Role; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into app_members (app_key, account_id, role, joined_at)
    values (${member.appKey}, ${member.accountId}, ${member.role}, ${member.now})
    on conflict do nothing`);
  return rowCount === 1;
}
