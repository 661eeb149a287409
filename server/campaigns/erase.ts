import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";

/** Forgets users in campaigns that name them. */
export async function eraseFromCampaigns(
  tx: Transaction,
  appKey: number,
  userIds: readonly string[],
): Promise<void> {
  await tx.query(sql`
    update campaigns
    set audience = jsonb_build_object('users', (audience -> 'users') - ${userIds}::text[])
    where app_key = ${appKey} and audience ? 'users' and audience -> 'users' ?| ${userIds}::text[]`);
}
