import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database, Queryable } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../lib/page.ts";

/** What can be done that is written down; the noun first, as everywhere in the API. */
export const auditActions = [
  "account.joined",
  "account.locked",
  "account.password_changed",
  "account.password_reset",
  "account.second_factor_on",
  "account.second_factor_off",
  "account.signed_out_elsewhere",
  "app.created",
  "invitation.created",
  "invitation.deleted",
  "member.changed",
  "member.removed",
  "provider.created",
  "provider.changed",
  "provider.deleted",
  "provider.tested",
  "public_key.created",
  "public_key.changed",
  "public_key.deleted",
  "settings.changed",
  "template.created",
  "template.changed",
  "template.deleted",
  "token.created",
  "token.revoked",
  "user.erased",
  "user_hash.rotated",
  "webhook.created",
  "webhook.changed",
  "webhook.deleted",
  "webhook.rotated",
] as const;
const AuditAction = z.enum(auditActions);

const AuditEntry = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string().describe("Name of the access token, or e-mail address of the account"),
    action: AuditAction,
    subject: z
      .string()
      .describe(
        "Of user.erased the sha-256 of `<appId>/<userId>`, in hex; of member.… and account.… the e-mail address; of the others the id of what it was done to",
      ),
    detail: z
      .record(z.string(), z.unknown())
      .describe("Of a change `before` and `after`; null where there was or is nothing"),
  })
  .meta({ id: "AuditEntry" });
type AuditEntry = z.infer<typeof AuditEntry>;

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

export async function auditRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/audit",
    {
      schema: {
        tags: ["Audit"],
        summary: "What was done that must be answered for, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(AuditEntry) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
      const { rows } = await db.query<Omit<AuditEntry, "at"> & { at: Date }>(sql`
        select audit_id as id, at, actor, action, subject, detail
        from audit_log
        where app_key = ${request.caller.appKey} and (${before}::uuid is null or audit_id < ${before}::uuid)
        order by audit_id desc
        limit ${limit + 1}`);
      const page = toPage(rows, limit, (row) => [row.id]);
      return { ...page, data: page.data.map((row) => ({ ...row, at: row.at.toISOString() })) };
    },
  );
}
