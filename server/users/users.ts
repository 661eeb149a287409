import type { Sql } from "sql-template-tag";
import { z } from "zod";
import type { Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { resolveUser } from "./aliases.ts";
import { findUser, listAttributes, listUsersById, type UserRow } from "./queries.ts";
import type { Attribute, User, UserQuery } from "./schema.ts";

/**
 * What narrows a list to a segment, an import, or both, as SQL over `users u`. It throws a validation problem where one
 * is not known. Given from outside, since users know neither.
 */
export type UsersOf = (appKey: number, of: Pick<UserQuery, "segment" | "import">) => Promise<Sql>;

/** A page of users ordered by id, narrowed to those whose id starts with `search` and who are in what is asked for. */
export async function listUsers(
  db: Queryable,
  appKey: number,
  query: UserQuery,
  usersOf: UsersOf,
): Promise<Page<User>> {
  const after = decodeCursor(query.cursor, z.tuple([z.string()]));
  const rows = await listUsersById(db, appKey, {
    prefix: query.search ?? "",
    after: after?.[0] ?? null,
    within: await usersOf(appKey, query),
    limit: query.limit,
  });
  return toPage(rows.map(toUser), query.limit, (user) => [user.userId]);
}

export async function getUser(
  db: Queryable,
  app: { appKey: number; appId: string },
  userId: string,
): Promise<User> {
  const key = userKey(app.appId, userId);
  const row =
    (await findUser(db, app.appKey, key)) ??
    (await findUser(db, app.appKey, (await resolveUser(db, app, userId)).userKey));
  if (!row) throw new Problem("not_found", `There is no user ${JSON.stringify(userId)} in this app.`);
  return toUser(row);
}

/** Every attribute of the app on one page: there are at most a thousand. */
export async function readAttributes(db: Queryable, appKey: number): Promise<Page<Attribute>> {
  const rows = await listAttributes(db, appKey);
  return {
    data: rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() })),
    nextCursor: null,
  };
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
