import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { MessageStatistics } from "./schema.ts";
import { createStatistics } from "./statistics.ts";

export async function statisticsRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const statistics = createStatistics(db);
  http.get(
    "/messages/:id/statistics",
    {
      schema: {
        tags: ["Messages"],
        summary: "How a message went: by platform, over time, what came of it, and beside the app's average",
        description: "As of some seconds ago at most: what is read is remembered for a while.",
        params: z.object({ id: z.uuid() }),
        response: { 200: MessageStatistics },
      },
    },
    (request) => statistics.read(request.caller.appKey, request.params.id),
  );
}
