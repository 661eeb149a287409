import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";

/**
 * Forgets a user in messages they were sent: their id where a message names its recipients, and the words of one that was
 * for them alone. Answers how many messages that were.
 */
export async function eraseFromMessages(
  tx: Transaction,
  appKey: number,
  {
    userKeys,
    userIds,
    messageIds,
  }: { userKeys: readonly string[]; userIds: readonly string[]; messageIds: readonly string[] },
): Promise<number> {
  await tx.query(sql`
    delete from campaign_touches where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])`);
  // Campaigns to a list of ids: once the audience is frozen, what they were is of no use any more.
  await tx.query(sql`
    update messages
    set audience = jsonb_set(
      audience - 'condition', '{target,userId,inq}', (audience #> '{target,userId,inq}') - ${userIds}::text[])
    where app_key = ${appKey} and message_id = any(${messageIds}::uuid[]) and audience_kind = 'target'
      and frozen_at is not null and jsonb_typeof(audience #> '{target,userId,inq}') = 'array'`);
  const { rowCount } = await tx.query(sql`
    update messages set
      content = case when jsonb_array_length(audience -> 'users') = 1 then '{"content": ""}'::jsonb else content end,
      audience = jsonb_build_object('users', (audience -> 'users') - ${userIds}::text[]),
      client_id = case when jsonb_array_length(audience -> 'users') = 1 then null else client_id end
    where app_key = ${appKey} and message_id = any(${messageIds}::uuid[]) and audience_kind = 'users'`);
  return rowCount ?? 0;
}
