import sql, { type Sql } from "sql-template-tag";
import { z } from "zod";
import type { Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { resolveUser } from "./aliases.ts";
import { findUser, hasTag, listAttributes, listUsersById, searchUsers, type UserRow } from "./queries.ts";
import type { Attribute, User, UserQuery } from "./schema.ts";
import { readSearch } from "./search.ts";

/**
 * What narrows a list to a segment, an import, or both, as SQL over `users u`. It throws a validation problem where one
 * is not known. Given from outside, since users know neither.
 */
export type UsersOf = (appKey: number, of: Pick<UserQuery, "segment" | "import">) => Promise<Sql>;

/** A page of users ordered by id: of those who are searched for, and who are in what is asked for. */
export async function listUsers(
  db: Queryable,
  appKey: number,
  query: UserQuery,
  usersOf: UsersOf,
): Promise<Page<User>> {
  const after = decodeCursor(query.cursor, z.tuple([z.string()]));
  const within = await usersOf(appKey, query);
  const { tag, limit } = query;
  const page = {
    after: after?.[0] ?? null,
    within: tag === undefined ? within : sql`${within} and ${hasTag(appKey, tag)}`,
    limit,
  };
  const rows = query.search
    ? await searchUsers(db, appKey, readSearch(query.search), page)
    : await listUsersById(db, appKey, page);
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
  if (!row) throw unknownUser(userId);
  return toUser(row);
}

export const unknownUser = (userId: string): Problem =>
  new Problem("not_found", `There is no user ${JSON.stringify(userId)} in this app.`);

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
  whatsappId: row.whatsappId,
  language: row.language,
  optedOut: row.optedOut,
  leftTopics: row.leftTopics,
  tags: row.tags,
  attributes: row.attributes,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
