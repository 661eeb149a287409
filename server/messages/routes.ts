import { z } from "zod";
import type { Database } from "../db/database.ts";
import { Delivery, Engagement } from "../deliveries/schema.ts";
import type { Http } from "../http/server.ts";
import { toCsv } from "../lib/csv.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import type { Links } from "../links/links.ts";
import type { AccountParts } from "../providers/accounts.ts";
import { TestAnswer, TestRequest } from "../providers/schema.ts";
import { cancelMessage, pauseMessage, resumeMessage, retryMessage } from "./control.ts";
import { getEngagement } from "./engagement.ts";
import { eachOfLog, LogFilter, listLog } from "./log.ts";
import { getMessage, listMessages, previewMessage, requireMessage } from "./messages.ts";
import { Message, MessageReport, RetryAnswer, RetryRequest } from "./schema.ts";
import { sendTest } from "./test-send.ts";

const Params = z.object({ id: z.uuid() });

export async function messageRoutes(
  http: Http,
  { db, accounts, links }: { db: Database; accounts: AccountParts; links: Links },
): Promise<void> {
  http.post(
    "/providers/:id/test",
    {
      schema: {
        tags: ["Providers"],
        summary: "Send one message through an account, to the devices or the address of a user",
        description:
          "Waits for what becomes of it. It counts nowhere, and no address is forgotten for it, dead as it may be.",
        params: Params,
        body: TestRequest,
        response: { 200: TestAnswer },
      },
    },
    (request) => sendTest({ ...accounts, links }, request.caller, request.params.id, request.body),
  );

  http.get(
    "/messages",
    {
      schema: {
        tags: ["Messages"],
        summary: "Messages with their numbers, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(Message) },
      },
    },
    (request) => listMessages(db, request.caller.appKey, request.query),
  );

  http.get(
    "/messages/:id/preview",
    {
      config: { permission: "deliveries:read" },
      schema: {
        tags: ["Messages"],
        summary: "What an e-mail looks like: a page to frame, for some minutes",
        params: Params,
        querystring: z.object({
          userId: z
            .string()
            .min(1)
            .max(128)
            .optional()
            .describe("Whose values to show; variables stay if missing"),
          variant: z.coerce.number().int().min(0).max(4).optional().describe("Which of several contents"),
        }),
        response: { 200: z.object({ htmlUrl: z.string() }) },
      },
    },
    async ({ caller, params, query }) => ({
      htmlUrl: await previewMessage(db, caller, params.id, query),
    }),
  );

  for (const [path, summary] of [
    ["/messages/:id", "One message: its numbers, why recipients were not reached, how fast it goes"],
    ["/messages/fetchById/:id", "The same, by the name that Chabok has for it"],
  ] as const) {
    http.get(
      path,
      { schema: { tags: ["Messages"], summary, params: Params, response: { 200: MessageReport } } },
      (request) => getMessage(db, request.caller.appKey, request.params.id),
    );
  }

  for (const [action, run, summary] of [
    ["pause", pauseMessage, "Stop sending; who is queued stays so"],
    ["resume", resumeMessage, "Go on with a paused message"],
    ["cancel", cancelMessage, "End a message: who is queued or waits in an inbox will not get it"],
  ] as const) {
    http.post(
      `/messages/:id/${action}`,
      { schema: { tags: ["Messages"], summary, params: Params, response: { 200: MessageReport } } },
      async (request) => {
        await run(db, request.caller, request.params.id);
        return getMessage(db, request.caller.appKey, request.params.id);
      },
    );
  }

  http.post(
    "/messages/:id/retry",
    {
      schema: {
        tags: ["Messages"],
        summary: "Send again to those who were not reached, and on wish to those of whom nobody knows",
        params: Params,
        body: RetryRequest.nullish(),
        response: { 200: RetryAnswer },
      },
    },
    async (request) => ({
      count: await retryMessage(db, request.caller, request.params.id, {
        isUnknownToo: request.body?.unknown ?? false,
      }),
    }),
  );

  http.get(
    "/messages/:id/engagement",
    {
      schema: {
        tags: ["Messages"],
        summary: "What people did with an e-mail, and what machines did, which changes no state",
        params: Params,
        response: { 200: Engagement },
      },
    },
    (request) => getEngagement(db, request.caller.appKey, request.params.id),
  );

  http.get(
    "/messages/:id/deliveries",
    {
      config: { permission: "deliveries:read" },
      schema: {
        tags: ["Messages"],
        summary:
          "What became of the message, recipient by recipient; state=queued lists who is still to be sent to",
        params: Params,
        querystring: PageQuery.extend(LogFilter.shape),
        response: { 200: pageOf(Delivery) },
      },
    },
    (request) => listLog(db, request.caller, request.params.id, request.query),
  );

  http.get(
    "/messages/:id/deliveries.csv",
    {
      config: { permission: "deliveries:read" },
      schema: { tags: ["Messages"], summary: "The same as CSV", params: Params, querystring: LogFilter },
    },
    async (request, reply) => {
      const { id } = request.params;
      await requireMessage(db, request.caller.appKey, id);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="message-${id}-deliveries.csv"`)
        .send(toCsv(Object.keys(Delivery.shape), eachOfLog(db, request.caller, id, request.query)));
    },
  );
}
