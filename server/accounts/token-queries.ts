import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { type App, appColumns } from "./apps.ts";
import type { Permission } from "./roles.ts";

/** The app that a token is of, and what it may be used for; `scopes` null is everything. */
export interface TokenOwner extends App {
  tokenName: string;
  scopes: Permission[] | null;
  expiresAt: Date | null;
}

/** The owner of a token that was not revoked and has not expired. */
export async function findAppByToken(db: Queryable, tokenHash: Buffer): Promise<TokenOwner | null> {
  // Looked at once in some seconds for each token; that it was used is written down once an hour.
  const { rows } = await db.query<TokenOwner & { isStale: boolean; tokenId: string }>(sql`
    select ${appColumns}, t.name as "tokenName", t.scopes, t.expires_at as "expiresAt", t.token_id as "tokenId",
      t.last_used_at is null or t.last_used_at < now() - interval '1 hour' as "isStale"
    from access_tokens t
    join apps a using (app_key)
    where t.token_hash = ${tokenHash} and t.revoked_at is null
      and (t.expires_at is null or t.expires_at > now())`);
  const [found] = rows;
  if (!found) return null;
  const { isStale, tokenId, ...owner } = found;
  if (isStale) await db.query(sql`update access_tokens set last_used_at = now() where token_id = ${tokenId}`);
  return owner;
}

export async function insertAccessToken(
  db: Queryable,
  token: {
    tokenId: string;
    appKey: number;
    name: string;
    tokenHash: Buffer;
    scopes: readonly Permission[] | null;
    createdBy: string;
    expiresAt: Date | null;
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    insert into access_tokens (token_id, app_key, name, token_hash, scopes, created_by, expires_at, created_at)
    values (${token.tokenId}, ${token.appKey}, ${token.name}, ${token.tokenHash}, ${token.scopes}::text[],
      ${token.createdBy}, ${token.expiresAt}, ${token.now})
    on conflict (token_hash) do nothing`);
}
