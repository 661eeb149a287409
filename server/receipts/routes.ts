import { z } from "zod";
import type { Registry } from "../channels/registry.ts";
import type { Database } from "../db/database.ts";
import { createHints } from "../db/notify.ts";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import { rememberReportingAccounts } from "../providers/reporting.ts";
import { createReceipts, type Heed } from "./receipts.ts";

const Params = z.object({ provider: z.string().max(40), accountKey: z.string().max(128) });
/** Providers send batches, but no books. */
const maxBytes = 1_048_576;

/**
 * Where providers report what became of messages. Who reports is known by the unguessable end of the address and by
 * whatever proof the account asks for; an answer of 200 is given after the commit, so that others are sent again.
 */
export async function receiptRoutes(
  http: Http,
  parts: { db: Database; secretKey: string; providers: Registry; heed: Heed; publicUrl: () => string },
): Promise<void> {
  const { publicUrl } = parts;
  const accounts = rememberReportingAccounts(parts);
  const hints = createHints(parts.db, (error) =>
    http.log.warn({ err: error }, "panels were not told of receipts"),
  );
  const receipts = createReceipts({
    ...{ ...parts, hints },
    onError: (error) => http.log.error({ err: error }, "receipts were not applied"),
  });
  http.addHook("onClose", async () => {
    await receipts.stop();
    await hints.stop();
    accounts.stop();
  });
  // As it came: signatures are over the bytes.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxBytes }, (_, body, done) =>
    done(null, body),
  );

  for (const method of ["POST", "GET"] as const) {
    http.route({
      method,
      url: "/receipts/:provider/:accountKey",
      config: { isPublic: true },
      schema: {
        tags: ["Receipts"],
        summary: "Reports of a provider about messages, at the address that its account shows",
        security: [],
        params: Params,
        response: { 200: z.union([z.object({ received: z.int() }), z.string()]) },
      },
      async handler(request, reply) {
        const { provider, accountKey } = request.params;
        const account = await accounts.find(provider, accountKey);
        if (!account) throw new Problem("not_found", "Nobody takes receipts at this address.");
        const parsed = account.provider.parseReceipts(account.config, {
          method: request.method,
          // Few look at it, and finding it out takes longer than most of the rest.
          get url() {
            return `${publicUrl()}${request.raw.url}`;
          },
          headers: request.headers,
          query: request.query as Record<string, string | string[]>,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        });
        if (!parsed.ok)
          throw new Problem(parsed.refused === "unverified" ? "unauthorized" : "unreadable", parsed.detail);
        const { receipts: said, wishes = [], people = [], templates = [] } = parsed;
        await receipts.take(account, { receipts: said, wishes, people, templates });
        if (parsed.answer) return reply.type(parsed.answer.type).send(parsed.answer.body);
        return { received: parsed.receipts.length };
      },
    });
  }
}
