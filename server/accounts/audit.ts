import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database, Queryable } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../lib/page.ts";

const AuditEntry = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string().describe("Name of the access token, or e-mail address of the account"),
    action: z.enum([
      "user.erased",
      "provider.created",
      "provider.changed",
      "provider.deleted",
      "provider.tested",
      "settings.changed",
      "public_key.created",
      "public_key.changed",
      "public_key.deleted",
      "user_hash.rotated",
      "webhook.created",
      "webhook.changed",
      "webhook.deleted",
      "webhook.rotated",
      "template.created",
      "template.changed",
      "template.deleted",
    ]),
    subject: z
      .string()
      .describe(
        "Of user.erased the sha-256 of `<appId>/<userId>`, in hex; of provider.… the id of the account, of template.… that of the template, of public_key.… that of the key, of webhook.… that of the webhook",
      ),
    detail: z.record(z.string(), z.unknown()),
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
