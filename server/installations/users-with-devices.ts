import type { Database, Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import type { Page } from "../lib/page.ts";
import { resolveUser } from "../users/aliases.ts";
import type { RefusedAttribute } from "../users/attribute-changes.ts";
import { addUser, editUser } from "../users/edit.ts";
import { type Editor, inHistory } from "../users/history.ts";
import type { User, UserQuery } from "../users/schema.ts";
import { getUser, listUsers, type UsersOf } from "../users/users.ts";
import { listUserInstallations } from "./installations.ts";
import { type DevicesOfUser, summarizeDevices } from "./queries.ts";
import type { DeviceType } from "./schema.ts";
import type {
  AddUserRequest,
  EditedUser,
  EditUserRequest,
  ListedUser,
  Reach,
  UserWithInstallations,
} from "./user-schema.ts";

interface App {
  appKey: number;
  appId: string;
}

/** A page of users, with what their devices say about them. */
export async function listUsersWithDevices(
  db: Queryable,
  app: App,
  query: UserQuery,
  usersOf: UsersOf,
): Promise<Page<ListedUser>> {
  const { data, nextCursor } = await listUsers(db, app.appKey, query, usersOf);
  const keys = data.map(({ userId }) => userKey(app.appId, userId));
  const devices = await summarizeDevices(db, app.appKey, keys);
  const listed = data.map((user, index) => {
    const summary = devices.get(keys[index] ?? "");
    return {
      ...user,
      reach: reachOf(user, summary),
      deviceTypes: (summary?.deviceTypes ?? []) as DeviceType[], // written by us from the same enum
      lastSeenAt: summary?.lastSeenAt?.toISOString() ?? null,
    };
  });
  return { data: listed, nextCursor };
}

export async function getUserWithDevices(
  db: Queryable,
  app: App,
  userId: string,
): Promise<UserWithInstallations> {
  const user = await getUser(db, app, userId);
  // Their own id: who asked may have named a guest that they were.
  const key = userKey(app.appId, user.userId);
  const devices = await summarizeDevices(db, app.appKey, [key]);
  return {
    ...user,
    reach: reachOf(user, devices.get(key)),
    installations: await listUserInstallations(db, app, user.userId),
  };
}

function reachOf({ email, phone, whatsappId, optedOut }: User, devices: DevicesOfUser | undefined): Reach {
  return {
    inbox: devices?.inbox ?? 0,
    push: devices?.push ?? 0,
    email: email !== null && !optedOut.includes("email"),
    sms: phone !== null && !optedOut.includes("sms"),
    whatsapp: (phone ?? whatsappId) !== null && !optedOut.includes("whatsapp"),
  };
}

/** Makes a user; one with this id must not be there yet. */
export async function addUserOf(
  db: Database,
  app: App & Editor,
  { userId, tags, ...edit }: AddUserRequest,
  now: Date,
): Promise<EditedUser> {
  const user = { appKey: app.appKey, ...(await resolveUser(db, app, userId)) };
  const refused = await db.transaction((tx) =>
    inHistory(tx, app, user, () => addUser(tx, user, { ...edit, addTags: tags }, now)),
  );
  return edited(db, app, userId, refused);
}

export async function editUserOf(
  db: Database,
  app: App & Editor,
  { userId, ...edit }: EditUserRequest & { userId: string },
  now: Date,
): Promise<EditedUser> {
  const user = { appKey: app.appKey, ...(await resolveUser(db, app, userId)) };
  const refused = await db.transaction((tx) => inHistory(tx, app, user, () => editUser(tx, user, edit, now)));
  return edited(db, app, userId, refused);
}

async function edited(
  db: Queryable,
  app: App,
  userId: string,
  refused: RefusedAttribute[],
): Promise<EditedUser> {
  const user = await getUserWithDevices(db, app, userId);
  return refused.length > 0 ? { ...user, refused } : user;
}
