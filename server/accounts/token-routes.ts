import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database, Queryable } from "../db/database.ts";
import type { Caller } from "../http/authentication.ts";
import type { Http } from "../http/server.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../lib/page.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { recordAudit } from "./audit.ts";
import { createAccessToken } from "./tokens.ts";
import { AccessToken, CreatedAccessToken, NewAccessToken } from "./tokens-schema.ts";

interface TokenRow extends Omit<AccessToken, "createdAt" | "expiresAt" | "lastUsedAt" | "revokedAt"> {
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const columns = sql`
  token_id as id, name, scopes, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

const shown = (row: TokenRow): AccessToken => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

/** Access tokens: what programs call with. */
export async function tokenRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tags = ["Tokens"];

  http.get(
    "/tokens",
    {
      schema: {
        ...{ tags, summary: "Access tokens of the app, the newest first, without their secrets" },
        querystring: PageQuery,
        response: { 200: pageOf(AccessToken) },
      },
    },
    async ({ caller, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
      const { rows } = await db.query<TokenRow>(sql`
        select ${columns}
        from access_tokens
        where app_key = ${caller.appKey} and (${before}::uuid is null or token_id < ${before}::uuid)
        order by token_id desc
        limit ${limit + 1}`);
      const page = toPage(rows, limit, (row) => [row.id]);
      return { ...page, data: page.data.map(shown) };
    },
  );

  http.post(
    "/tokens",
    {
      schema: {
        ...{ tags, summary: "Make an access token; its secret is answered once" },
        body: NewAccessToken,
        response: { 201: CreatedAccessToken },
      },
    },
    async ({ caller, body }, reply) => {
      requireNoMore(caller, body);
      const id = uuidv7();
      const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
      if (expiresAt && expiresAt <= new Date())
        throw validationProblem([{ pointer: "/expiresAt", detail: "is over already" }]);
      const { appKey, name: actor } = caller;
      const created = await db.transaction(async (tx) => {
        const token = await createAccessToken(tx, { ...body, id, appKey, createdBy: actor, expiresAt });
        const row = await findToken(tx, appKey, id);
        const detail = { before: null, after: { name: row.name, scopes: row.scopes, expiresAt } };
        await recordAudit(tx, {
          ...{ appKey, actor, action: "token.created", subject: id, detail, now: new Date() },
        });
        return { ...shown(row), token };
      });
      return reply.status(201).send(created);
    },
  );

  http.delete(
    "/tokens/:id",
    {
      schema: {
        ...{ tags, summary: "Revoke an access token: within five seconds nothing takes it any more" },
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async ({ caller: { appKey, name: actor }, params: { id } }, reply) => {
      await db.transaction(async (tx) => {
        const { name, revokedAt } = await findToken(tx, appKey, id);
        if (revokedAt) return;
        const now = new Date();
        await tx.query(sql`update access_tokens set revoked_at = ${now} where token_id = ${id}`);
        await recordAudit(tx, {
          ...{
            appKey,
            actor,
            action: "token.revoked",
            subject: id,
            detail: { before: { name }, after: null },
            now,
          },
        });
      });
      return reply.status(204).send(null);
    },
  );
}

async function findToken(db: Queryable, appKey: number, id: string): Promise<TokenRow> {
  const { rows } = await db.query<TokenRow>(sql`
    select ${columns} from access_tokens where app_key = ${appKey} and token_id = ${id} for update`);
  const [row] = rows;
  if (!row) throw new Problem("not_found", `There is no access token with the id ${id} in this app.`);
  return row;
}

/** Nobody gives a program more than they may do themselves. */
function requireNoMore(caller: Caller, { scopes }: NewAccessToken): void {
  const missing = scopes?.filter((scope) => !caller.may(scope)) ?? [];
  if (missing.length > 0)
    throw new Problem(
      "forbidden",
      `You may not do this yourself, so a token of yours cannot: ${missing.join(", ")}.`,
    );
  if (scopes === null && !caller.may("*"))
    throw new Problem(
      "forbidden",
      "Only who may do everything can make a token for everything; name its scopes.",
    );
}
