import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { Attribute, User, UserQuery } from "./schema.ts";
import { listUsers, readAttributes, type UsersOf } from "./users.ts";

export async function userRoutes(
  http: Http,
  { db, usersOf }: { db: Database; usersOf: UsersOf },
): Promise<void> {
  http.get(
    "/users",
    {
      schema: {
        tags: ["Users"],
        summary: "Users by id, or those of a segment or an import",
        querystring: UserQuery,
        response: { 200: pageOf(User) },
      },
    },
    (request) => listUsers(db, request.caller.appKey, request.query, usersOf),
  );

  http.get(
    "/attributes",
    {
      schema: {
        tags: ["Users"],
        summary: "All attributes of users by name, with their types",
        response: { 200: pageOf(Attribute) },
      },
    },
    (request) => readAttributes(db, request.caller.appKey),
  );
}
