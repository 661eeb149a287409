import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { Attribute } from "./schema.ts";
import { readAttributes } from "./users.ts";

export async function attributeRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/attributes",
    {
      schema: {
        tags: ["Attributes"],
        summary: "All attributes of users by name, with their types",
        response: { 200: pageOf(Attribute) },
      },
    },
    (request) => readAttributes(db, request.caller.appKey),
  );
}
