import sql from "sql-template-tag";
import { recordAudit } from "../accounts/audit.ts";
import type { auditActions } from "../accounts/audit-schema.ts";
import type { Queryable } from "../db/database.ts";

/** Writes what was done with an account into the history of every app that it is of. */
export async function recordOfAccount(
  db: Queryable,
  entry: {
    email: string;
    actor: string;
    action: Extract<(typeof auditActions)[number], `account.${string}`>;
    detail?: Record<string, unknown>;
    now: Date;
  },
): Promise<void> {
  const { rows } = await db.query<{ appKey: number }>(sql`
    select m.app_key as "appKey"
    from app_members m
    join auth."user" u on u.id = m.account_id
    where u.email = ${entry.email.toLowerCase()}`);
  const { email, actor, action, detail = {}, now } = entry;
  for (const { appKey } of rows)
    await recordAudit(db, { appKey, actor, action, subject: email.toLowerCase(), detail, now });
}
