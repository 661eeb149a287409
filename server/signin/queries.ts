import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";

/** Of an account that signs in with a password of its own; null of others. */
export async function findPasswordHash(db: Queryable, accountId: string): Promise<string | null> {
  const { rows } = await db.query<{ password: string | null }>(sql`
    select "password" from auth."account" where "userId" = ${accountId} and "providerId" = 'credential'`);
  return rows[0]?.password ?? null;
}

/** As better-auth stores it: an "account" of the provider `credential`. */
export async function setPasswordHash(
  db: Queryable,
  { accountId, hash, now }: { accountId: string; hash: string; now: Date },
): Promise<void> {
  const { rowCount } = await db.query(sql`
    update auth."account" set "password" = ${hash}, "updatedAt" = ${now}
    where "userId" = ${accountId} and "providerId" = 'credential'`);
  if (rowCount === 1) return;
  await db.query(sql`
    insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    values (${uuidv7()}, ${accountId}, 'credential', ${accountId}, ${hash}, ${now}, ${now})`);
}

export async function insertAccount(
  db: Queryable,
  { id, name, email, now }: { id: string; name: string; email: string; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into auth."user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    values (${id}, ${name}, ${email}, true, ${now}, ${now})`);
}

export async function findAccountByEmail(
  db: Queryable,
  email: string,
): Promise<{ id: string; name: string; email: string } | null> {
  const { rows } = await db.query<{ id: string; name: string; email: string }>(sql`
    select id, name, email from auth."user" where email = ${email.toLowerCase()}`);
  return rows[0] ?? null;
}

export interface SessionRow {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/** Those that have not expired, the latest first. */
export async function listSessionRows(db: Queryable, accountId: string, now: Date): Promise<SessionRow[]> {
  const { rows } = await db.query<SessionRow>(sql`
    select id, "createdAt", "updatedAt" as "lastSeenAt", nullif("ipAddress", '') as ip,
      nullif("userAgent", '') as "userAgent"
    from auth."session"
    where "userId" = ${accountId} and "expiresAt" > ${now}
    order by "updatedAt" desc, id`);
  return rows;
}

/** Ends one session of the account, or with `except` all others. */
export async function deleteSessions(
  db: Queryable,
  accountId: string,
  which: { id: string } | { except: string | null },
): Promise<number> {
  const { rowCount } = await db.query(
    "id" in which
      ? sql`delete from auth."session" where "userId" = ${accountId} and id = ${which.id}`
      : sql`delete from auth."session" where "userId" = ${accountId} and id is distinct from ${which.except}`,
  );
  return rowCount ?? 0;
}

export async function renameAccount(
  db: Queryable,
  accountId: string,
  name: string,
  now: Date,
): Promise<void> {
  await db.query(sql`update auth."user" set name = ${name}, "updatedAt" = ${now} where id = ${accountId}`);
}

export async function removeSecondFactor(db: Queryable, accountId: string): Promise<void> {
  await db.query(sql`delete from auth."twoFactor" where "userId" = ${accountId}`);
  await db.query(sql`update auth."user" set "twoFactorEnabled" = false where id = ${accountId}`);
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
