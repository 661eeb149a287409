import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

export interface PublicKeyRow {
  id: string;
  name: string;
  key: string;
  origins: string[];
  createdAt: Date;
}

const columns = sql`key_id as id, name, key, origins, created_at as "createdAt"`;

export async function insertPublicKey(db: Queryable, appKey: number, row: PublicKeyRow): Promise<void> {
  await db.query(sql`
    insert into public_keys (key_id, app_key, key, name, origins, created_at)
    values (${row.id}, ${appKey}, ${row.key}, ${row.name}, ${row.origins}, ${row.createdAt})`);
}

export async function countPublicKeys(db: Queryable, appKey: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from public_keys where app_key = ${appKey}`);
  return rows[0]?.count ?? 0;
}

/** Newest first, before this id. */
export async function listPublicKeyRows(
  db: Queryable,
  appKey: number,
  { before, limit }: { before: string | null; limit: number },
): Promise<PublicKeyRow[]> {
  const { rows } = await db.query<PublicKeyRow>(sql`
    select ${columns}
    from public_keys
    where app_key = ${appKey} and (${before}::uuid is null or key_id < ${before}::uuid)
    order by key_id desc
    limit ${limit}`);
  return rows;
}

/** Locks it until the transaction ends. */
export async function lockPublicKey(db: Queryable, appKey: number, id: string): Promise<PublicKeyRow | null> {
  const { rows } = await db.query<PublicKeyRow>(sql`
    select ${columns} from public_keys where app_key = ${appKey} and key_id = ${id} for update`);
  return rows[0] ?? null;
}

export async function updatePublicKey(
  db: Queryable,
  appKey: number,
  { id, name, origins }: PublicKeyRow,
): Promise<void> {
  await db.query(sql`
    update public_keys set name = ${name}, origins = ${origins} where app_key = ${appKey} and key_id = ${id}`);
}

export async function deletePublicKeyRow(db: Queryable, appKey: number, id: string): Promise<void> {
  await db.query(sql`delete from public_keys where app_key = ${appKey} and key_id = ${id}`);
}

/** The app that a public key is of, and the pages that may use it. */
export interface KeyOwner {
  appKey: number;
  appId: string;
  keyName: string;
  origins: string[];
}

export async function findKeyOwner(db: Queryable, key: string): Promise<KeyOwner | null> {
  const { rows } = await db.query<KeyOwner>(sql`
    select a.app_key as "appKey", a.app_id as "appId", k.name as "keyName", k.origins
    from public_keys k
    join apps a using (app_key)
    where k.key = ${key}`);
  return rows[0] ?? null;
}
