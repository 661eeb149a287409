import type { Database, Queryable, Transaction } from "../db/database.ts";
import { installationKey } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { resolveUser } from "../users/aliases.ts";
import type { AttributeRequest, RefusedAttribute } from "../users/attribute-changes.ts";
import { changeAttributes } from "../users/attributes.ts";
import { type Editor, inHistory } from "../users/history.ts";
import { readNames } from "../users/registers.ts";
import type { TaggedUser } from "../users/tags.ts";
import { getUser } from "../users/users.ts";
import { listUserInstallations } from "./installations.ts";
import type { FullInstallation } from "./people-schema.ts";
import { countInstallationsOfUser, findOwnedInstallation, topicRegister } from "./queries.ts";

interface App {
  appKey: number;
  appId: string;
}

/** Does something to a user's tags and answers how many devices they have; 0 for one without any, or one nobody knows. */
export async function changeTags(
  db: Database,
  app: App & Editor,
  userId: string,
  change: (tx: Transaction, user: TaggedUser) => Promise<void>,
): Promise<{ count: number }> {
  const user = { appKey: app.appKey, ...(await resolveUser(db, app, userId)) };
  await db.transaction((tx) => inHistory(tx, app, user, () => change(tx, user)));
  return { count: await countInstallationsOfUser(db, app.appKey, user.userKey) };
}

/** Changes attributes of a user, or of the owner of an installation. */
export async function changeAttributesOf(
  db: Database,
  app: App & Editor,
  {
    userId,
    installationId,
    ...request
  }: AttributeRequest & {
    userId?: string | undefined;
    installationId?: string | undefined;
  },
  now: Date,
): Promise<{ count: number; refused: RefusedAttribute[] }> {
  const owner =
    installationId === undefined
      ? await resolveUser(db, app, userId ?? "") // one of the two is given
      : await requireOwner(db, app, installationId);
  const user = { appKey: app.appKey, ...owner };
  const refused = await db.transaction((tx) =>
    inHistory(tx, app, user, () => changeAttributes(tx, user, request, now)),
  );
  return { count: await countInstallationsOfUser(db, app.appKey, owner.userKey), refused };
}

async function requireOwner(db: Queryable, app: App, installationId: string) {
  const owner = await findOwnedInstallation(db, app.appKey, installationKey(app.appId, installationId));
  if (owner) return owner;
  throw new Problem(
    "not_found",
    `There is no installation ${JSON.stringify(installationId)} in this app; register it first.`,
  );
}

/** All devices of a user with what the user has, the last used one first. */
export async function fetchByUserId(db: Queryable, app: App, userId: string): Promise<FullInstallation[]> {
  const { isGuest, tags, attributes } = await getUser(db, app, userId);
  const installations = await listUserInstallations(db, app, userId);
  return installations.map((installation) => ({ ...installation, isGuest, tags, userInfo: attributes }));
}

export async function fetchById(db: Queryable, app: App, id: string): Promise<FullInstallation> {
  const { userId } = await requireOwner(db, app, id);
  const found = (await fetchByUserId(db, app, userId)).find((installation) => installation.id === id);
  // It moved to another user in between; whoever asks again finds it there.
  if (!found) throw new Problem("not_found", `There is no installation ${JSON.stringify(id)} in this app.`);
  return found;
}

/** Topics in use, by bytes. */
export async function readTopics(db: Database, appKey: number): Promise<string[]> {
  return [...new Set(["default", ...(await readNames(db, topicRegister, appKey))])].sort();
}
