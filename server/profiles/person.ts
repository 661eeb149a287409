import type { Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import type { User } from "../users/schema.ts";
import { getUser } from "../users/users.ts";

export interface App {
  appKey: number;
  appId: string;
}

/** A user and their key, by their id or that of the guest they were; throws a problem when there is none. */
export async function requirePerson(
  db: Queryable,
  app: App,
  userId: string,
): Promise<{ user: User; userKey: string }> {
  const user = await getUser(db, app, userId);
  return { user, userKey: userKey(app.appId, user.userId) };
}
