import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { changeCounts } from "./queries.ts";
import { sharedSlot } from "./record.ts";

/**
 * Makes the deliveries of these users nobody's: keys that say nothing, no address. The rows stay, since every recipient of
 * a message is counted; what still waited for a device waits no more. Answers which messages they are of, each once, and how many deliveries there were.
 */
export async function eraseDeliveries(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<{ messageIds: string[]; deliveries: number }> {
  const { rows } = await tx.query<{ messageId: string; wasWaiting: boolean }>(sql`
    with taken as (
      delete from deliveries
      where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
      returning *
    ),
    kept as (
      insert into deliveries (
        message_id, user_key, delivery_id, app_key, installation_key, address, state, reason, dismissed, created_at,
        sent_at, delivered_at, seen_at, clicked_at)
      select message_id, gen_random_uuid(), gen_random_uuid(), app_key, gen_random_uuid(), null,
        case when state = 'waiting' then 'skipped' else state end,
        case when state = 'waiting' then 'removed' else reason end, dismissed, created_at, sent_at, delivered_at, seen_at,
        clicked_at
      from taken
    )
    select message_id as "messageId", state = 'waiting' as "wasWaiting" from taken`);
  const changes = new Map<string, { messageId: string; states: { waiting: number; skipped: number } }>();
  for (const { messageId } of rows.filter(({ wasWaiting }) => wasWaiting)) {
    const change = changes.get(messageId) ?? { messageId, states: { waiting: 0, skipped: 0 } };
    change.states.waiting -= 1;
    change.states.skipped += 1;
    changes.set(messageId, change);
  }
  await changeCounts(tx, sharedSlot, [...changes.values()]);
  return { messageIds: [...new Set(rows.map((row) => row.messageId))], deliveries: rows.length };
}
