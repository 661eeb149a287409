import { hash } from "node:crypto";
import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";

/** How a request names itself, so that the same again is the same (`Idempotency-Key`). */
export interface RequestKey {
  appKey: number;
  keyHash: string;
  /** Of what is asked: another request under the same key is a mistake. */
  requestHash: string;
}

const hash128 = (text: string) => hash("sha256", text, "hex").slice(0, 32);

/** The key of a request; null when it has none. `route` and `body` are what is asked. */
export function requestKey(appKey: number, header: unknown, route: string, body: unknown): RequestKey | null {
  if (header === undefined) return null;
  if (typeof header !== "string" || header.length === 0 || header.length > 255)
    throw new Problem(
      "unreadable",
      "Idempotency-Key is a text of 1 to 255 characters, made anew for each request.",
    );
  return { appKey, keyHash: hash128(header), requestHash: hash128(`${route}\n${JSON.stringify(body)}`) };
}

/**
 * Takes keys in the caller's transaction; answers what those were answered that were taken before. Who asks for a key
 * that another transaction takes at this moment waits for its end.
 */
export async function takeRequestKeys(
  tx: Queryable,
  keys: readonly RequestKey[],
  now: Date,
): Promise<Map<string, unknown>> {
  const answered = new Map<string, unknown>();
  if (keys.length === 0) return answered;
  const ordered = [...keys].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const { rows: taken } = await tx.query<{ appKey: number; keyHash: string }>(sql`
    insert into idempotency_keys (app_key, key_hash, request_hash, answer, created_at)
    select *, 'null'::jsonb, ${now}::timestamptz
    from unnest(
      ${ordered.map((key) => key.appKey)}::integer[],
      ${ordered.map((key) => key.keyHash)}::uuid[],
      ${ordered.map((key) => key.requestHash)}::uuid[])
    on conflict do nothing
    returning app_key as "appKey", replace(key_hash::text, '-', '') as "keyHash"`);
  const mine = new Set(taken.map(nameOf));
  for (const key of ordered.filter((one) => !mine.has(nameOf(one)))) {
    const { rows } = await tx.query<{ requestHash: string; answer: unknown }>(sql`
      select replace(request_hash::text, '-', '') as "requestHash", answer
      from idempotency_keys
      where app_key = ${key.appKey} and key_hash = ${key.keyHash}::uuid`);
    const [row] = rows;
    // It was forgotten in this moment, a day after its time.
    if (!row)
      throw new Problem(
        "conflict",
        "This Idempotency-Key has just expired. Send the request with a new one.",
      );
    if (row.requestHash !== key.requestHash)
      throw new Problem(
        "conflict",
        "This Idempotency-Key was used for another request. Give each request a key of its own, and the same one only when you repeat it.",
      );
    answered.set(nameOf(key), row.answer);
  }
  return answered;
}

/** Remembers what was answered, in the transaction that took the key. */
export async function rememberAnswer(tx: Queryable, key: RequestKey, answer: unknown): Promise<void> {
  await tx.query(sql`
    update idempotency_keys set answer = ${JSON.stringify(answer)}::jsonb
    where app_key = ${key.appKey} and key_hash = ${key.keyHash}::uuid`);
}

export const nameOf = ({ appKey, keyHash }: { appKey: number; keyHash: string }): string =>
  `${appKey}/${keyHash}`;

/** Keys are good for a day. */
export const keptForMs = 86_400_000;

export async function forgetRequestKeys(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from idempotency_keys where created_at < ${before}`);
}
