import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";

/**
 * Makes the deliveries of these users nobody's: keys that say nothing, no address. The rows stay, since every recipient of
 * a message is counted. Answers which messages they are of, each once, and how many deliveries there were.
 */
export async function eraseDeliveries(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<{ messageIds: string[]; deliveries: number }> {
  const { rows } = await tx.query<{ messageId: string }>(sql`
    with taken as (
      delete from deliveries
      where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
      returning *
    )
    insert into deliveries (
      message_id, user_key, delivery_id, app_key, installation_key, address, state, reason, dismissed, created_at,
      sent_at, delivered_at, seen_at, clicked_at)
    select message_id, gen_random_uuid(), gen_random_uuid(), app_key, gen_random_uuid(), null, state, reason, dismissed,
      created_at, sent_at, delivered_at, seen_at, clicked_at
    from taken
    returning message_id as "messageId"`);
  return { messageIds: [...new Set(rows.map((row) => row.messageId))], deliveries: rows.length };
}
