import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { User, UserQuery } from "./schema.ts";
import { listUsers } from "./users.ts";

export async function userRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/users",
    {
      schema: {
        tags: ["Users"],
        summary: "Users by id",
        querystring: UserQuery,
        response: { 200: pageOf(User) },
      },
    },
    (request) => listUsers(db, request.caller.appKey, request.query),
  );
}
