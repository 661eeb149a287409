import { z } from "zod";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { type AnalysisParts, cohortsOf, funnelOf, seriesOf, summariseEvents } from "./analysis.ts";
import {
  CohortQuery,
  Cohorts,
  EventNamesQuery,
  EventSummary,
  Funnel,
  FunnelQuery,
  Series,
  SeriesQuery,
} from "./schema.ts";

/** What events come to. */
export async function eventRoutes(http: Http, parts: AnalysisParts): Promise<void> {
  http.get(
    "/events",
    {
      schema: {
        tags: ["Events"],
        summary: "All names of events with their counts, the commonest first",
        querystring: EventNamesQuery,
        response: { 200: pageOf(EventSummary) },
      },
    },
    async (request) => ({
      data: await summariseEvents(parts.db, request.caller.appKey, request.query.search),
      nextCursor: null,
    }),
  );

  http.get(
    "/events/:name/series",
    {
      schema: {
        tags: ["Events"],
        summary: "An event over time: count, users, sum, average",
        params: z.object({ name: z.string().min(1).max(128) }),
        querystring: SeriesQuery,
        response: { 200: Series },
      },
    },
    (request) => seriesOf(parts, request.caller.appKey, request.params.name, request.query),
  );

  http.get(
    "/events/funnel",
    {
      schema: {
        tags: ["Events"],
        summary: "How many users took these steps",
        querystring: FunnelQuery,
        response: { 200: Funnel },
      },
    },
    (request) => funnelOf(parts, request.caller.appKey, request.query),
  );

  http.get(
    "/events/cohort",
    {
      schema: {
        tags: ["Events"],
        summary: "Who came back after a first event, by when it was",
        querystring: CohortQuery,
        response: { 200: Cohorts },
      },
    },
    (request) => cohortsOf(parts, request.caller.appKey, request.query),
  );
}
