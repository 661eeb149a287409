import type { Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";

/** On which workers hear that an account is not as it was; the payload is the key of its app. */
export const accountsChannel = "chapar_accounts";

/** Tells workers and panels of a change, once the caller's transaction commits. */
export async function announceAccount(
  tx: Queryable,
  account: { appKey: number; accountId: string },
): Promise<void> {
  await notify(tx, accountsChannel, String(account.appKey));
  await notify(tx, "chapar_changes", `${account.appKey}:provider:${account.accountId}`);
}
