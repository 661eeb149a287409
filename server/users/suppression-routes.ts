import { z } from "zod";
import { record } from "../accounts/audit.ts";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../lib/page.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { parseEmail } from "./email.ts";
import { LeavableChannel } from "./schema.ts";
import { listSuppressions, suppress, unsuppress } from "./suppressions.ts";

/** An address to which nothing is sent by a channel, whoever has it. */
const Suppression = z
  .object({
    channel: LeavableChannel,
    address: z.string().describe("E-mail address, or phone in digits with its country code"),
    reason: z
      .string()
      .describe(
        "address_gone: a provider called it dead; soft_bounces: five mails came back within 14 days; manual: somebody " +
          "put it here",
      ),
    detail: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Suppression" });

const Address = z.object({ channel: LeavableChannel, address: z.string().trim().min(3).max(254) });

/** Which addresses are left alone, and how to change that. */
export async function suppressionRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tags = ["Users"];

  http.get(
    "/suppressions",
    {
      schema: {
        ...{ tags, summary: "Addresses to which nothing is sent, by channel and address" },
        querystring: PageQuery.extend({ channel: LeavableChannel.optional() }),
        response: { 200: pageOf(Suppression) },
      },
    },
    async ({ caller, query }) => {
      const after = decodeCursor(query.cursor, z.tuple([z.string(), z.string()]));
      const { limit, channel = null } = query;
      const rows = await listSuppressions(db, caller.appKey, { channel, after, limit });
      const page = toPage(rows, limit, (row) => [row.channel, row.address]);
      return {
        data: page.data.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
        nextCursor: page.nextCursor,
      };
    },
  );

  http.post(
    "/suppressions",
    {
      schema: {
        ...{ tags, summary: "Send nothing to an address any more" },
        body: Address,
        response: { 200: Address },
      },
    },
    async ({ caller, body }) => {
      const address = normalized(body);
      const { channel } = body;
      const row = { channel, address, reason: "manual", detail: null };
      await db.transaction(async (tx) => {
        if ((await suppress(tx, caller.appKey, [row], new Date())) === 0) return;
        await record(tx, caller, "suppression.added", address, { before: null, after: { channel } });
      });
      return { channel: body.channel, address };
    },
  );

  http.delete(
    "/suppressions/:channel/:address",
    {
      schema: {
        ...{ tags, summary: "Send to an address again" },
        params: Address,
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      const { channel } = params;
      const address = normalized(params);
      await db.transaction(async (tx) => {
        if (!(await unsuppress(tx, caller.appKey, { channel, address })))
          throw new Problem("not_found", `Nothing keeps ${params.address} from being sent to by ${channel}.`);
        await record(tx, caller, "suppression.lifted", address, { before: { channel }, after: null });
      });
      return reply.status(204).send(null);
    },
  );
}

/** As users have it. */
function normalized({ channel, address }: z.infer<typeof Address>): string {
  const read = channel === "email" ? parseEmail(address) : address.replace(/[^0-9]/g, "") || null;
  if (read !== null) return read;
  const expected = channel === "email" ? "an e-mail address" : "a phone number with its country code";
  throw validationProblem([{ pointer: "/address", detail: `is not ${expected}` }]);
}
