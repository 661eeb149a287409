import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

export interface App {
  appKey: number;
  appId: string;
  name: string;
  timeZone: string;
}

const appColumns = sql`a.app_key as "appKey", a.app_id as "appId", a.name, a.time_zone as "timeZone"`;

export async function findApp(db: Queryable, appId: string): Promise<App | null> {
  const { rows } = await db.query<App>(sql`select ${appColumns} from apps a where a.app_id = ${appId}`);
  return rows[0] ?? null;
}

/** The app of a token that was not revoked, and what the token is called. */
export async function findAppByToken(
  db: Queryable,
  tokenHash: Buffer,
): Promise<(App & { tokenName: string }) | null> {
  const { rows } = await db.query<App & { tokenName: string }>(sql`
    select ${appColumns}, t.name as "tokenName"
    from access_tokens t
    join apps a using (app_key)
    where t.token_hash = ${tokenHash} and t.revoked_at is null`);
  return rows[0] ?? null;
}

export async function listAppsOfAccount(
  db: Queryable,
  accountId: string,
): Promise<(App & { role: "admin" })[]> {
  const { rows } = await db.query<App & { role: "admin" }>(sql`
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

export async function insertAccessToken(
  db: Queryable,
  token: { tokenId: string; appKey: number; name: string; tokenHash: Buffer; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into access_tokens (token_id, app_key, name, token_hash, created_at)
    values (${token.tokenId}, ${token.appKey}, ${token.name}, ${token.tokenHash}, ${token.now})
    on conflict (token_hash) do nothing`);
}

export async function insertMember(
  db: Queryable,
  member: { appKey: number; accountId: string },
): Promise<void> {
  await db.query(sql`
    insert into app_members (app_key, account_id, role, joined_at)
    values (${member.appKey}, ${member.accountId}, 'admin', now())
    on conflict do nothing`);
}

export async function hasAccounts(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(sql`select exists (select from auth."user") as found`);
  return rows[0]?.found === true;
}

export async function hasUsableSignInCode(db: Queryable, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(sql`
    select exists (select from first_sign_in where used_at is null and expires_at > ${now}) as found`);
  return rows[0]?.found === true;
}

export async function insertSignInCode(
  db: Queryable,
  code: { codeHash: Buffer; expiresAt: Date },
): Promise<void> {
  await db.query(sql`
    insert into first_sign_in (code_hash, expires_at) values (${code.codeHash}, ${code.expiresAt})`);
}

/** Marks the code as used. False when it is unknown, used or expired: of two callers only one gets true. */
export async function redeemSignInCode(db: Queryable, codeHash: Buffer, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update first_sign_in set used_at = ${now}
    where code_hash = ${codeHash} and used_at is null and expires_at > ${now}`);
  return rowCount === 1;
}

export async function releaseSignInCode(db: Queryable, codeHash: Buffer): Promise<void> {
  await db.query(sql`update first_sign_in set used_at = null where code_hash = ${codeHash}`);
}

export async function listApps(db: Queryable): Promise<App[]> {
  const { rows } = await db.query<App>(sql`select ${appColumns} from apps a order by a.app_key`);
  return rows;
}
