import { getSettings } from "../accounts/settings.ts";
import type { Queryable } from "../db/database.ts";
import { findAllOwners, listCredentials } from "../installations/installations.ts";
import { createGroup } from "../lib/group.ts";
import { installationKey } from "../lib/keys.ts";
import { isBrokerPassword, serviceUsername } from "./credentials.ts";
import {
  type DeviceAddress,
  deviceTopic,
  fromAnybody,
  fromServer,
  readDeviceTopic,
  readDeviceUsername,
  readEventTopic,
  rollCallTopic,
} from "./topics.ts";

/** Whom a broker let in. */
export type Subject = { kind: "service" } | { kind: "device"; device: DeviceAddress };

/** Who may come to the broker, and what they may do there: the same for every broker. */
export interface Access {
  /** Whom this sign-in stands for; null where it is wrong. */
  signIn(signIn: { username: string; password: string | Buffer; clientId: string }): Promise<Subject | null>;
  mayPublish(device: DeviceAddress, topic: string): boolean;
  maySubscribe(device: DeviceAddress, filter: string): Promise<boolean>;
  /** Events that every device of an app may listen to. */
  publicEvents(appId: string): Promise<ReadonlySet<string>>;
}

/** Whom a user name stands for that a broker has let in. */
export function readSubject(username: string): Subject | null {
  if (username === serviceUsername) return { kind: "service" };
  const device = readDeviceUsername(username);
  return device && { kind: "device", device };
}

const signInsAtOnce = 200;
const settingsForMs = 1_000;

export function createAccess({
  db,
  secretKey,
  findAppKey,
}: {
  db: Queryable;
  secretKey: string;
  findAppKey: (appId: string) => Promise<number | null>;
}): Access {
  // After a restart all devices come at once.
  const findVersion = createGroup(
    (asked: { appKey: number; installationKey: string }[]) => listCredentials(db, asked),
    { atMost: signInsAtOnce, lanes: 2 },
  );
  const known = new Map<number, { names: ReadonlySet<string>; untilMs: number }>();
  const publicEvents = async (appId: string): Promise<ReadonlySet<string>> => {
    const appKey = await findAppKey(appId);
    if (appKey === null) return new Set();
    const hit = known.get(appKey);
    if (hit && hit.untilMs > Date.now()) return hit.names;
    const names = new Set((await getSettings(db, appKey)).publicEvents);
    known.set(appKey, { names, untilMs: Date.now() + settingsForMs });
    return names;
  };
  const areOfOneUser = async (appKey: number, device: DeviceAddress, other: string): Promise<boolean> => {
    const [own, others] = [device.installationId, other].map((id) => installationKey(device.appId, id));
    const owners = await findAllOwners(db, appKey, [own ?? "", others ?? ""]);
    const [user] = owners.get(own ?? "") ?? [];
    return user !== undefined && owners.get(others ?? "")?.[0] === user;
  };

  return {
    async signIn({ username, password, clientId }) {
      if (username === serviceUsername)
        return isBrokerPassword(secretKey, username, 0, password) ? { kind: "service" } : null;
      // Another's client id would throw that client off (MQTT 3.1.1 §3.1.4), so it must begin with the own name.
      if (clientId !== username && !clientId.startsWith(`${username}/`)) return null;
      const device = readDeviceUsername(username);
      const appKey = device && (await findAppKey(device.appId));
      if (!device || appKey === null) return null;
      const key = installationKey(device.appId, device.installationId);
      const version = await findVersion({ appKey, installationKey: key });
      if (version === null || !isBrokerPassword(secretKey, username, version, password)) return null;
      return { kind: "device", device };
    },
    mayPublish(device, topic) {
      const own = readDeviceTopic(topic);
      if (own) return own.topic !== "inbox" && isSame(own, device);
      const event = readEventTopic(topic);
      if (!event || event.appId !== device.appId || event.from !== device.installationId) return false;
      // A device that called itself so would speak for the server.
      return event.from !== fromServer;
    },
    async maySubscribe(device, filter) {
      if (filter === deviceTopic(device, "inbox") || filter === rollCallTopic(device.appId)) return true;
      const event = readEventTopic(filter);
      if (!event || event.appId !== device.appId) return false;
      if (event.from === device.installationId) return true;
      if ((await publicEvents(device.appId)).has(event.name)) return true;
      if (event.from === fromAnybody || event.from === fromServer) return false;
      const appKey = await findAppKey(device.appId);
      return appKey !== null && areOfOneUser(appKey, device, event.from);
    },
    publicEvents,
  };
}

const isSame = (one: DeviceAddress, other: DeviceAddress): boolean =>
  one.appId === other.appId && one.installationId === other.installationId;
