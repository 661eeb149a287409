import sql from "sql-template-tag";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { decodeCursor, pageOf, toPage } from "../lib/page.ts";
import { AuditEntry, AuditQuery } from "./audit-schema.ts";

export async function auditRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/audit",
    {
      schema: {
        tags: ["Audit"],
        summary: "What was done that must be answered for, newest first",
        querystring: AuditQuery,
        response: { 200: pageOf(AuditEntry) },
      },
    },
    async (request) => {
      const { limit, cursor, noun = null, actor = null, subject = null } = request.query;
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
      const { rows } = await db.query<Omit<AuditEntry, "at"> & { at: Date }>(sql`
        select audit_id as id, at, actor, action, subject, detail
        from audit_log
        where app_key = ${request.caller.appKey} and (${before}::uuid is null or audit_id < ${before}::uuid)
          and (${noun}::text is null or split_part(action, '.', 1) = ${noun})
          and (${actor}::text is null or actor = ${actor})
          and (${subject}::text is null or subject = ${subject})
        order by audit_id desc
        limit ${limit + 1}`);
      const page = toPage(rows, limit, (row) => [row.id]);
      return { ...page, data: page.data.map((row) => ({ ...row, at: row.at.toISOString() })) };
    },
  );
}
