import { z } from "zod";
import type { Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { findUser, listUsersById, type UserRow } from "./queries.ts";
import type { User, UserQuery } from "./schema.ts";

/** A page of users ordered by id, narrowed to those whose id starts with `search`. */
export async function listUsers(db: Queryable, appKey: number, query: UserQuery): Promise<Page<User>> {
  const after = decodeCursor(query.cursor, z.tuple([z.string()]));
  const rows = await listUsersById(db, appKey, {
    prefix: query.search ?? "",
    after: after?.[0] ?? null,
    limit: query.limit,
  });
  return toPage(rows.map(toUser), query.limit, (user) => [user.userId]);
}

export async function getUser(
  db: Queryable,
  app: { appKey: number; appId: string },
  userId: string,
): Promise<User> {
  const row = await findUser(db, app.appKey, userKey(app.appId, userId));
  if (!row) throw new Problem("not_found", `There is no user ${JSON.stringify(userId)} in this app.`);
  return toUser(row);
}

const toUser = (row: UserRow): User => ({
  userId: row.userId,
  isGuest: row.isGuest,
  email: row.email,
  phone: row.phone,
  language: row.language,
  tags: row.tags,
  attributes: row.attributes,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
