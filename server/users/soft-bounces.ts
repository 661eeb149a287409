import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { LeavableChannel } from "./schema.ts";
import { suppress } from "./suppressions.ts";

/** So many that came back within this time, and the address is left alone. */
const mostSoftBounces = 5;
const keptForMs = 14 * 86_400_000;

/**
 * Messages that could not be delivered for now, each once; `detail` is why. Suppresses addresses that had enough of them.
 */
export async function noteUnreached(
  tx: Queryable,
  appKey: number,
  channel: LeavableChannel,
  bounces: readonly { address: string; deliveryId: string; detail: string | null }[],
  now: Date,
): Promise<void> {
  if (bounces.length === 0) return;
  await tx.query(sql`
    insert into soft_bounces (app_key, channel, address, delivery_id, at)
    select ${appKey}::integer, ${channel}::text, address, delivery_id, ${now}::timestamptz
    from unnest(
      ${bounces.map((row) => row.address)}::text[], ${bounces.map((row) => row.deliveryId)}::uuid[]
    ) as b (address, delivery_id)
    order by address, delivery_id
    on conflict do nothing`);
  const { rows } = await tx.query<{ address: string; count: number }>(sql`
    select address, count(*) as count
    from soft_bounces
    where app_key = ${appKey} and channel = ${channel} and address = any(${bounces.map((row) => row.address)}::text[])
      and at > ${new Date(now.getTime() - keptForMs)}
    group by address
    having count(*) >= ${mostSoftBounces}`);
  const what = channel === "email" ? "mails came back" : "messages were not delivered";
  const dead = rows.map(({ address, count }) => ({
    ...{ channel, address, reason: "soft_bounces" },
    detail: `${count} ${what} within 14 days, the last one: ${
      bounces.findLast((row) => row.address === address)?.detail ?? "for no reason that was given"
    }`,
  }));
  await suppress(tx, appKey, dead, now);
}

/** When mails to an e-mail address came back for a while. */
export async function listSoftBounces(
  db: Queryable,
  appKey: number,
  address: string | null,
): Promise<{ address: string; at: Date }[]> {
  const { rows } = await db.query<{ address: string; at: Date }>(sql`
    select address, at from soft_bounces where app_key = ${appKey} and channel = 'email' and address = ${address} order by at`);
  return rows;
}

/** Forgets those that count no more. */
export async function forgetSoftBounces(db: Queryable, now: Date): Promise<void> {
  await db.query(sql`delete from soft_bounces where at < ${new Date(now.getTime() - keptForMs)}`);
}
