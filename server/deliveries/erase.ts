import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { CountChanges, sharedSlot, writeCounts } from "./counters.ts";
import { eraseEngagements } from "./engagements.ts";
import { eraseParked } from "./parked.ts";

/**
 * Makes the deliveries of these users nobody's: keys that say nothing, no address. The rows stay, since every recipient of
 * a message is counted; what still waited for a device waits no more. Answers which messages they are of, each once, and how many deliveries there were.
 */
export async function eraseDeliveries(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<{ messageIds: string[]; deliveries: number }> {
  const { rows } = await tx.query<{ messageId: string; variant: number; wasWaiting: boolean }>(sql`
    with taken as (
      delete from deliveries
      where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
      returning *
    ),
    kept as (
      insert into deliveries (
        message_id, user_key, delivery_id, app_key, installation_key, step, variant, attempts, state, reason, code, dismissed,
        created_at, sent_at, delivered_at, seen_at, clicked_at, account_key)
      select message_id, gen_random_uuid(), gen_random_uuid(), app_key, gen_random_uuid(), step, variant, attempts,
        case when state = 'waiting' then 'skipped' else state end,
        case when state = 'waiting' then 'removed' else reason end, code, dismissed, created_at, sent_at, delivered_at,
        seen_at, clicked_at, account_key
      from taken
    ),
    unnamed as (
      delete from provider_ids i
      using taken t
      where i.message_id = t.message_id and i.user_key = t.user_key and i.delivery_id = t.delivery_id
    )
    select message_id as "messageId", variant, state = 'waiting' as "wasWaiting" from taken`);
  const changes = new CountChanges();
  for (const { messageId, variant } of rows.filter(({ wasWaiting }) => wasWaiting)) {
    changes.move(
      { messageId, variant, state: "waiting", reason: null, code: null },
      { messageId, variant, state: "skipped", reason: "removed", code: null },
    );
  }
  await writeCounts(tx, sharedSlot, changes, new Date());
  await eraseEngagements(tx, userKeys);
  await eraseParked(tx, userKeys);
  return { messageIds: [...new Set(rows.map((row) => row.messageId))], deliveries: rows.length };
}
