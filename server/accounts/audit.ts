import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import type { AuditEntry } from "./audit-schema.ts";

/** Writes down what was done; answers the id of the entry. */
export async function recordAudit(
  db: Queryable,
  entry: Omit<AuditEntry, "id" | "at"> & { appKey: number; now: Date },
): Promise<string> {
  const id = uuidv7();
  await db.query(sql`
    insert into audit_log (audit_id, app_key, at, actor, action, subject, detail)
    values (${id}, ${entry.appKey}, ${entry.now}, ${entry.actor}, ${entry.action}, ${entry.subject},
      ${JSON.stringify(entry.detail)}::jsonb)`);
  return id;
}
