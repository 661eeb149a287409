import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { getCampaign, listCampaigns } from "./campaigns.ts";
import { Campaign } from "./schema.ts";

export async function campaignRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/campaigns",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "Sends to segments with their numbers, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(Campaign) },
      },
    },
    (request) => listCampaigns(db, request.caller.appKey, request.query),
  );

  http.get(
    "/campaigns/:id",
    {
      schema: {
        tags: ["Campaigns"],
        summary: "One send to a segment",
        params: z.object({ id: z.uuid() }),
        response: { 200: Campaign },
      },
    },
    (request) => getCampaign(db, request.caller.appKey, request.params.id),
  );
}
