import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

export interface SampleRow {
  importId: string | null;
  userId: string | null;
  keyId: string | null;
  createdAt: Date;
  removalAt: Date | null;
}

const columns = sql`
  import_id as "importId", user_id as "userId", key_id as "keyId", created_at as "createdAt",
  removal_at as "removalAt"`;

export async function findSample(db: Queryable, appKey: number): Promise<SampleRow | null> {
  const { rows } = await db.query<SampleRow>(sql`select ${columns} from samples where app_key = ${appKey}`);
  return rows[0] ?? null;
}

/** The sample of the app, made where there is none, and locked: of two who ask at once one comes after the other. */
export async function lockSample(tx: Queryable, appKey: number, now: Date): Promise<SampleRow> {
  await tx.query(sql`
    insert into samples (app_key, created_at) values (${appKey}, ${now}) on conflict do nothing`);
  const { rows } = await tx.query<SampleRow>(sql`
    select ${columns} from samples where app_key = ${appKey} for update`);
  const [row] = rows;
  if (!row) throw new Error("the sample was just made");
  return row;
}

export async function updateSample(tx: Queryable, appKey: number, row: SampleRow): Promise<void> {
  await tx.query(sql`
    update samples
    set import_id = ${row.importId}, user_id = ${row.userId}, key_id = ${row.keyId}, removal_at = ${row.removalAt}
    where app_key = ${appKey}`);
}

export async function deleteSample(tx: Queryable, appKey: number): Promise<void> {
  await tx.query(sql`delete from samples where app_key = ${appKey}`);
}
