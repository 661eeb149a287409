import { z } from "zod";
import type { Http } from "../http/server.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { getAttempt, listAttempts, replayAttempt, replayFailed, testWebhook } from "./attempts.ts";
import { openCalls } from "./call.ts";
import {
  CreatedWebhook,
  NewWebhook,
  Webhook,
  WebhookAttempt,
  WebhookAttemptBody,
  WebhookChange,
  WebhookSecret,
} from "./schema.ts";
import {
  changeWebhook,
  createWebhook,
  getWebhook,
  listWebhooks,
  readSecret,
  removeWebhook,
  rotateSecret,
  type WebhookParts,
} from "./webhooks.ts";

const Params = z.object({ id: z.uuid() });
const AttemptParams = z.object({ id: z.uuid(), attemptId: z.uuid() });

/** Addresses of the customer's own that are told what happens, and the log of what they were told. */
export async function webhookRoutes(http: Http, parts: WebhookParts): Promise<void> {
  const { db } = parts;
  const tags = ["Webhooks"];
  const calls = openCalls(parts.outside, 4);
  const closing = new AbortController();
  http.addHook("onClose", async () => {
    closing.abort();
    await calls.close();
  });

  http.get(
    "/webhooks",
    {
      schema: {
        ...{ tags, summary: "Webhooks of the app, the newest first" },
        querystring: PageQuery,
        response: { 200: pageOf(Webhook) },
      },
    },
    ({ caller, query }) => listWebhooks(db, caller.appKey, query),
  );

  http.post(
    "/webhooks",
    {
      schema: {
        ...{ tags, summary: "Make a webhook; the answer has the secret that its requests are signed with" },
        body: NewWebhook,
        response: { 201: CreatedWebhook },
      },
    },
    async ({ caller, body }, reply) => reply.status(201).send(await createWebhook(parts, caller, body)),
  );

  http.get(
    "/webhooks/:id",
    { schema: { ...{ tags, summary: "A webhook" }, params: Params, response: { 200: Webhook } } },
    ({ caller, params }) => getWebhook(db, caller.appKey, params.id),
  );

  http.patch(
    "/webhooks/:id",
    {
      schema: {
        ...{ tags, summary: "Change a webhook; what is not given stays" },
        description:
          "With another `url`, or switched on again, it begins anew: what waits for its next try is tried at once.",
        params: Params,
        body: WebhookChange,
        response: { 200: Webhook },
      },
    },
    ({ caller, params, body }) => changeWebhook(parts, caller, params.id, body),
  );

  http.delete(
    "/webhooks/:id",
    {
      schema: {
        ...{ tags, summary: "Delete a webhook, with its log and what it was still to be told" },
        params: Params,
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await removeWebhook(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );

  http.get(
    "/webhooks/:id/secret",
    {
      config: { permission: "webhooks:write" },
      schema: {
        ...{ tags, summary: "What requests of a webhook are signed with" },
        params: Params,
        response: { 200: WebhookSecret },
      },
    },
    async ({ caller, params }) => ({ secret: await readSecret(parts, caller, params.id) }),
  );

  http.post(
    "/webhooks/:id/secret/rotate",
    {
      schema: {
        ...{ tags, summary: "Replace that secret; for a day requests are signed with both" },
        params: Params,
        response: { 200: WebhookSecret },
      },
    },
    async ({ caller, params }) => ({ secret: await rotateSecret(parts, caller, params.id) }),
  );

  http.post(
    "/webhooks/:id/test",
    {
      schema: {
        ...{ tags, summary: "Send a sample to a webhook once, and hear what came of it" },
        params: Params,
        response: { 200: WebhookAttempt },
      },
    },
    ({ caller, params }) => testWebhook({ ...parts, http: calls }, caller, params.id, closing.signal),
  );

  http.get(
    "/webhooks/:id/attempts",
    {
      schema: {
        ...{ tags, summary: "Requests to a webhook, newest first; they are kept for 30 days" },
        params: Params,
        querystring: PageQuery.extend({
          failed: z.stringbool().default(false).describe("Only those whose last try failed"),
        }),
        response: { 200: pageOf(WebhookAttempt) },
      },
    },
    ({ caller, params, query }) => listAttempts(db, caller.appKey, params.id, query),
  );

  http.get(
    "/webhooks/:id/attempts/:attemptId",
    {
      schema: {
        ...{ tags, summary: "A request to a webhook, with its body" },
        params: AttemptParams,
        response: { 200: WebhookAttemptBody },
      },
    },
    ({ caller, params }) => getAttempt(db, caller.appKey, params.id, params.attemptId),
  );

  http.post(
    "/webhooks/:id/attempts/:attemptId/replay",
    {
      schema: {
        ...{ tags, summary: "Send a request again, under the same id" },
        params: AttemptParams,
        response: { 200: WebhookAttempt },
      },
    },
    ({ caller, params }) => replayAttempt(parts, caller, params.id, params.attemptId),
  );

  http.post(
    "/webhooks/:id/replay",
    {
      schema: {
        ...{ tags, summary: "Send all requests again that failed for good since a time" },
        params: Params,
        body: z.strictObject({ since: z.iso.datetime({ offset: true }) }).meta({ id: "WebhookReplay" }),
        response: { 200: z.object({ replayed: z.int() }) },
      },
    },
    ({ caller, params, body }) => replayFailed(parts, caller, params.id, new Date(body.since)),
  );
}
