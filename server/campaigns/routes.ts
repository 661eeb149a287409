import { z } from "zod";
import { Delivery, Engagement } from "../deliveries/schema.ts";
import type { Http } from "../http/server.ts";
import { toCsv } from "../lib/csv.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { retryMessage } from "../messages/control.ts";
import { getEngagement } from "../messages/engagement.ts";
import { estimateSms } from "../messages/estimate.ts";
import { eachOfLog, LogFilter, listLog } from "../messages/log.ts";
import { getMessage } from "../messages/messages.ts";
import { Message, MessageReport, RetryAnswer, RetryRequest, SendAnswer } from "../messages/schema.ts";
import { calendarOf } from "./calendar.ts";
import {
  changeCampaign,
  createCampaign,
  duplicateCampaign,
  getCampaign,
  listCampaigns,
  listRuns,
  removeCampaign,
  restoreCampaign,
} from "./campaigns.ts";
import { reviewCampaign } from "./review.ts";
import {
  type CampaignParts,
  cancelCampaign,
  continueCampaign,
  launchCampaign,
  pauseCampaign,
  resumeCampaign,
  runOf,
  testCampaign,
  unscheduleCampaign,
} from "./runs.ts";
import {
  CalendarEntry,
  CalendarQuery,
  Campaign,
  CampaignChange,
  CampaignQuery,
  CampaignTest,
  ContinueRequest,
  Estimate,
  EstimateRequest,
  NewCampaign,
  Review,
} from "./schema.ts";

const Params = z.object({ id: z.uuid() });
const RunQuery = z.object({
  run: z.uuid().optional().describe("The message of one of its runs; the latest if missing"),
});

export async function campaignRoutes(http: Http, parts: CampaignParts): Promise<void> {
  const { db } = parts;
  const schema = { tags: ["Campaigns"], params: Params };

  http.get(
    "/campaigns",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "Campaigns and sends to filters with their numbers, newest first",
        querystring: CampaignQuery,
        response: { 200: pageOf(Campaign) },
      },
    },
    (request) => listCampaigns(db, request.caller.appKey, request.query),
  );

  http.post(
    "/campaigns",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "Draft a campaign",
        body: NewCampaign,
        response: { 201: Campaign },
      },
    },
    async (request, reply) => reply.status(201).send(await createCampaign(db, request.caller, request.body)),
  );

  http.post(
    "/campaigns/estimate",
    {
      config: { permission: "campaigns:read" },
      schema: {
        tags: ["Campaigns"],
        summary: "How many SMS a text comes to for an audience",
        body: EstimateRequest,
        response: { 200: Estimate },
      },
    },
    (request) => estimateSms(db, request.caller.appKey, request.body),
  );

  http.get(
    "/campaigns/calendar",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "Runs of campaigns that were and that are to come, in their order",
        querystring: CalendarQuery,
        response: { 200: z.object({ data: z.array(CalendarEntry) }) },
      },
    },
    async (request) => ({ data: await calendarOf(db, request.caller.appKey, request.query) }),
  );

  http.get(
    "/campaigns/:id",
    { schema: { ...schema, summary: "One campaign, or one send to a filter", response: { 200: Campaign } } },
    (request) => getCampaign(db, request.caller.appKey, request.params.id),
  );

  http.patch(
    "/campaigns/:id",
    { schema: { ...schema, summary: "Change a draft", body: CampaignChange, response: { 200: Campaign } } },
    (request) => changeCampaign(db, request.caller, request.params.id, request.body),
  );

  http.delete(
    "/campaigns/:id",
    {
      schema: {
        ...schema,
        summary: "Delete a draft",
        description: "It can be brought back for 30 days.",
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await removeCampaign(db, request.caller, request.params.id);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/campaigns/:id/undelete",
    {
      schema: {
        ...schema,
        summary: "Bring back a draft that was deleted in the last 30 days",
        response: { 200: Campaign },
      },
    },
    (request) => restoreCampaign(db, request.caller, request.params.id),
  );

  http.post(
    "/campaigns/:id/launch",
    {
      schema: {
        ...schema,
        summary: "Send a draft to its audience, or schedule it",
        response: { 200: Campaign },
      },
    },
    (request) => launchCampaign(parts, request.caller, request.params.id),
  );

  http.post(
    "/campaigns/:id/test",
    {
      schema: {
        ...schema,
        summary: "Send what a campaign says to a few users",
        body: CampaignTest,
        response: { 200: SendAnswer },
      },
    },
    async (request) => ({
      count: await testCampaign(parts, request.caller, request.params.id, request.body),
    }),
  );

  http.post(
    "/campaigns/:id/review",
    {
      config: { permission: "campaigns:read" },
      schema: {
        ...schema,
        summary:
          "What launching a draft would do: for how many, how long, at what cost, and what speaks against it",
        response: { 200: Review },
      },
    },
    (request) => reviewCampaign(parts, request.caller.appKey, request.params.id),
  );

  http.post(
    "/campaigns/:id/duplicate",
    { schema: { ...schema, summary: "Make a draft that says the same", response: { 201: Campaign } } },
    async (request, reply) =>
      reply.status(201).send(await duplicateCampaign(db, request.caller, request.params.id)),
  );

  for (const [action, run, summary] of [
    ["pause", pauseCampaign, "Stop sending, and hold back what is to come; who is queued stays so"],
    ["resume", resumeCampaign, "Go on with a paused campaign"],
    ["cancel", cancelCampaign, "End a campaign: who is queued or waits in an inbox will not get it"],
    ["unschedule", unscheduleCampaign, "Make a scheduled campaign a draft again, before its first run"],
  ] as const) {
    http.post(
      `/campaigns/:id/${action}`,
      { schema: { ...schema, summary, response: { 200: Campaign } } },
      (request) => run(db, request.caller, request.params.id),
    );
  }

  http.post(
    "/campaigns/:id/continue",
    {
      schema: {
        ...schema,
        summary: "Let the rest have what the first part got, or the better of several contents",
        querystring: RunQuery,
        body: ContinueRequest.default({}),
        response: { 200: Campaign },
      },
    },
    ({ caller, params, query, body }) => continueCampaign(db, caller, params.id, { ...body, run: query.run }),
  );

  http.post(
    "/campaigns/:id/retry",
    {
      schema: {
        ...schema,
        summary: "Try those again who were not reached",
        querystring: RunQuery,
        body: RetryRequest.default({}),
        response: { 200: RetryAnswer },
      },
    },
    async ({ caller, params, query, body }) => {
      const messageId = await runOf(db, caller.appKey, params.id, query.run);
      const asked = { isUnknownToo: body.unknown ?? false, of: { noun: "campaign", id: params.id } } as const;
      return { count: await retryMessage(db, caller, messageId, asked) };
    },
  );

  http.get(
    "/campaigns/:id/runs",
    {
      schema: {
        ...schema,
        summary: "The messages of a campaign, one a run, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(Message) },
      },
    },
    ({ caller, params, query }) => listRuns(db, caller.appKey, params.id, query),
  );

  http.get(
    "/campaigns/:id/report",
    {
      schema: {
        ...schema,
        summary: "How a run of a campaign goes",
        querystring: RunQuery,
        response: { 200: MessageReport },
      },
    },
    async ({ caller: { appKey }, params, query }) =>
      getMessage(db, appKey, await runOf(db, appKey, params.id, query.run)),
  );

  http.get(
    "/campaigns/:id/engagement",
    {
      schema: {
        ...schema,
        summary: "What people did with the e-mail of a campaign, and what machines did",
        querystring: RunQuery,
        response: { 200: Engagement },
      },
    },
    async ({ caller: { appKey }, params, query }) =>
      getEngagement(db, appKey, await runOf(db, appKey, params.id, query.run)),
  );

  http.get(
    "/campaigns/:id/deliveries",
    {
      config: { permission: "deliveries:read" },
      schema: {
        ...schema,
        summary: "What became of a campaign, recipient by recipient",
        querystring: PageQuery.extend(LogFilter.shape).extend(RunQuery.shape),
        response: { 200: pageOf(Delivery) },
      },
    },
    async (request) => {
      const { caller, params, query } = request;
      return listLog(db, caller, await runOf(db, caller.appKey, params.id, query.run), query);
    },
  );

  http.get(
    "/campaigns/:id/deliveries.csv",
    {
      config: { permission: "deliveries:read" },
      schema: { ...schema, summary: "The same as CSV", querystring: LogFilter.extend(RunQuery.shape) },
    },
    async (request, reply) => {
      const { caller, params, query } = request;
      const messageId = await runOf(db, caller.appKey, params.id, query.run);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="campaign-${params.id}-deliveries.csv"`)
        .send(toCsv(Object.keys(Delivery.shape), eachOfLog(db, caller, messageId, query)));
    },
  );
}
