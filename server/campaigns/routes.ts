import { z } from "zod";
import { Delivery, Engagement } from "../deliveries/schema.ts";
import type { Http } from "../http/server.ts";
import { toCsv } from "../lib/csv.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { cancelMessage, pauseMessage, resumeMessage } from "../messages/control.ts";
import { getEngagement } from "../messages/engagement.ts";
import { estimateSms } from "../messages/estimate.ts";
import { eachOfLog, LogFilter, listLog } from "../messages/log.ts";
import { getMessage } from "../messages/messages.ts";
import { MessageReport, SendAnswer } from "../messages/schema.ts";
import {
  type CampaignParts,
  changeCampaign,
  createCampaign,
  getCampaign,
  launchCampaign,
  listCampaigns,
  messageOf,
  removeCampaign,
  testCampaign,
} from "./campaigns.ts";
import { Campaign, CampaignChange, CampaignTest, Estimate, EstimateRequest, NewCampaign } from "./schema.ts";

const Params = z.object({ id: z.uuid() });

export async function campaignRoutes(http: Http, parts: CampaignParts): Promise<void> {
  const { db } = parts;
  const schema = { tags: ["Campaigns"], params: Params };

  http.get(
    "/campaigns",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "Campaigns and sends to filters with their numbers, newest first",
        querystring: PageQuery,
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
    "/campaigns/:id",
    { schema: { ...schema, summary: "One campaign, or one send to a filter", response: { 200: Campaign } } },
    (request) => getCampaign(db, request.caller.appKey, request.params.id),
  );

  http.patch(
    "/campaigns/:id",
    { schema: { ...schema, summary: "Change a draft", body: CampaignChange, response: { 200: Campaign } } },
    (request) => changeCampaign(db, request.caller.appKey, request.params.id, request.body),
  );

  http.delete(
    "/campaigns/:id",
    { schema: { ...schema, summary: "Delete a draft", response: { 204: z.null() } } },
    async (request, reply) => {
      await removeCampaign(db, request.caller.appKey, request.params.id);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/campaigns/:id/launch",
    { schema: { ...schema, summary: "Send a draft to its audience", response: { 200: Campaign } } },
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
      count: await testCampaign(parts, request.caller, request.params.id, request.body.users),
    }),
  );

  for (const [action, run, summary] of [
    ["pause", pauseMessage, "Stop sending; who is queued stays so"],
    ["resume", resumeMessage, "Go on with a paused campaign"],
    ["cancel", cancelMessage, "End a campaign: who is queued or waits in an inbox will not get it"],
  ] as const) {
    http.post(
      `/campaigns/:id/${action}`,
      { schema: { ...schema, summary, response: { 200: Campaign } } },
      async (request) => {
        const { appKey } = request.caller;
        await run(db, appKey, await messageOf(db, appKey, request.params.id));
        return getCampaign(db, appKey, request.params.id);
      },
    );
  }

  http.get(
    "/campaigns/:id/report",
    { schema: { ...schema, summary: "How a campaign goes", response: { 200: MessageReport } } },
    async (request) => {
      const { appKey } = request.caller;
      return getMessage(db, appKey, await messageOf(db, appKey, request.params.id));
    },
  );

  http.get(
    "/campaigns/:id/engagement",
    {
      schema: {
        ...schema,
        summary: "What people did with the e-mail of a campaign, and what machines did",
        response: { 200: Engagement },
      },
    },
    async (request) => {
      const { appKey } = request.caller;
      return getEngagement(db, appKey, await messageOf(db, appKey, request.params.id));
    },
  );

  http.get(
    "/campaigns/:id/deliveries",
    {
      schema: {
        ...schema,
        summary: "What became of a campaign, recipient by recipient",
        querystring: PageQuery.extend(LogFilter.shape),
        response: { 200: pageOf(Delivery) },
      },
    },
    async (request) => {
      const { caller, params, query } = request;
      return listLog(db, caller, await messageOf(db, caller.appKey, params.id), query);
    },
  );

  http.get(
    "/campaigns/:id/deliveries.csv",
    { schema: { ...schema, summary: "The same as CSV", querystring: LogFilter } },
    async (request, reply) => {
      const { caller, params, query } = request;
      const messageId = await messageOf(db, caller.appKey, params.id);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="campaign-${params.id}-deliveries.csv"`)
        .send(toCsv(Object.keys(Delivery.shape), eachOfLog(db, caller, messageId, query)));
    },
  );
}
