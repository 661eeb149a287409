import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { changeSettings, getSettings } from "./settings.ts";
import { SettingsAnswer, SettingsChange } from "./settings-schema.ts";

export async function settingsRoutes(
  http: Http,
  { db, operator }: { db: Database; operator: SettingsAnswer["operator"] },
): Promise<void> {
  http.get(
    "/settings",
    { schema: { tags: ["Settings"], summary: "What the app keeps to", response: { 200: SettingsAnswer } } },
    async (request) => ({ ...(await getSettings(db, request.caller.appKey)), operator }),
  );

  http.patch(
    "/settings",
    {
      schema: {
        tags: ["Settings"],
        summary: "Change what the app keeps to; what is not given stays",
        body: SettingsChange,
        response: { 200: SettingsAnswer },
      },
    },
    async (request) => ({ ...(await changeSettings(db, request.caller, request.body)), operator }),
  );
}
