import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { suppress } from "./suppressions.ts";

/** So many mails that came back within this time, and the address is left alone. */
const mostSoftBounces = 5;
const keptForMs = 14 * 86_400_000;

/** Mails that could not be delivered for now, each once; `detail` is why. Suppresses addresses that had enough of them. */
export async function noteSoftBounces(
  tx: Queryable,
  appKey: number,
  bounces: readonly { address: string; deliveryId: string; detail: string | null }[],
  now: Date,
): Promise<void> {
  if (bounces.length === 0) return;
  await tx.query(sql`
    insert into soft_bounces (app_key, address, delivery_id, at)
    select ${appKey}::integer, address, delivery_id, ${now}::timestamptz
    from unnest(
      ${bounces.map((row) => row.address)}::text[], ${bounces.map((row) => row.deliveryId)}::uuid[]
    ) as b (address, delivery_id)
    order by address, delivery_id
    on conflict do nothing`);
  const { rows } = await tx.query<{ address: string; count: number }>(sql`
    select address, count(*) as count
    from soft_bounces
    where app_key = ${appKey} and address = any(${bounces.map((row) => row.address)}::text[])
      and at > ${new Date(now.getTime() - keptForMs)}
    group by address
    having count(*) >= ${mostSoftBounces}`);
  const dead = rows.map(({ address, count }) => ({
    ...{ channel: "email" as const, address, reason: "soft_bounces" },
    detail: `${count} mails came back within 14 days, the last one: ${
      bounces.findLast((row) => row.address === address)?.detail ?? "for no reason that was given"
    }`,
  }));
  await suppress(tx, appKey, dead, now);
}

/** When mails to an address came back for a while. */
export async function listSoftBounces(
  db: Queryable,
  appKey: number,
  address: string | null,
): Promise<{ address: string; at: Date }[]> {
  const { rows } = await db.query<{ address: string; at: Date }>(sql`
    select address, at from soft_bounces where app_key = ${appKey} and address = ${address} order by at`);
  return rows;
}

/** Forgets those that count no more. */
export async function forgetSoftBounces(db: Queryable, now: Date): Promise<void> {
  await db.query(sql`delete from soft_bounces where at < ${new Date(now.getTime() - keptForMs)}`);
}
