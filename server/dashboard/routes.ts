import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { readDashboard } from "./dashboard.ts";
import { Dashboard, DashboardQuery } from "./schema.ts";

export async function dashboardRoutes(
  http: Http,
  { db, isBrokerConnected }: { db: Database; isBrokerConnected: () => boolean },
): Promise<void> {
  http.get(
    "/dashboard",
    {
      schema: {
        ...{
          tags: ["Dashboard"],
          summary: "What happened today and on the days before, and what to look at",
        },
        description:
          "Days are those of the app's time zone, and messages count for the day on which they were accepted. What " +
          "became of those of the last minutes is some seconds old, of earlier ones up to a sixteenth of their age.",
        querystring: DashboardQuery,
        response: { 200: Dashboard },
      },
    },
    ({ caller, query }) => readDashboard(db, caller.appKey, query, { isBrokerConnected, now: new Date() }),
  );
}
