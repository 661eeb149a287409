import type { User } from "../users/schema.ts";
import type { Needs } from "./needs.ts";

/** What is known of a device. Moments are ISO 8601. */
export interface DeviceFields {
  id: string;
  deviceType: string;
  deviceModel: string | null;
  browser: string | null;
  osVersion: string | null;
  /** Of the customer's app; `clientVersion` is its name elsewhere. */
  appVersion: string | null;
  clientVersion: string | null;
  language: string | null;
  country: string | null;
  timeZone: string | null;
  launchCount: number | null;
  installDate: string | null;
  launchTime: string | null;
}

export const deviceNames: readonly string[] = [
  "id",
  "deviceType",
  "deviceModel",
  "browser",
  "osVersion",
  "appVersion",
  "clientVersion",
  "language",
  "country",
  "timeZone",
  "launchCount",
  "installDate",
  "launchTime",
] satisfies (keyof DeviceFields)[];

/** What is known of the events of one name that a user has. `value`, `time` and `data` are those of the last one. */
export interface EventFields {
  value: number | string | null;
  count: number;
  sum: number | null;
  time: string;
  first: string;
  data: Record<string, unknown> | null;
}

export const eventFields: readonly string[] = [
  "value",
  "count",
  "sum",
  "time",
  "first",
  "data",
] satisfies (keyof EventFields)[];

/** What a template may speak of besides the user. Devices and events are there where it does speak of them. */
export interface OtherVariables {
  /** The app that sends; dates are written in its time zone. */
  app?: { name: string; timeZone: string };
  /** When it is written. */
  now?: string;
  /** The device that it goes to, or the one that the user used last. */
  device?: DeviceFields;
  deviceType?: string;
  /** What the user has done, by name. */
  event?: Record<string, EventFields>;
  promo_code?: string;
  /** Of e-mails: where their reader leaves, and chooses what to hear of. */
  unsubscribe_url?: string;
  preferences_url?: string;
}

/** What a template may speak of: `user` with everything that is known of them. */
export interface Variables extends OtherVariables {
  user: Record<string, unknown>;
}

/** Finds the variables of one user, as a message to them now would have them. Throws a problem where there is no such user. */
export type VariablesFor = (
  app: { appKey: number; appId: string },
  userId: string,
  needs: Needs,
) => Promise<Variables>;

/**
 * The variables of a user. Attributes stand under their full name, and dotted ones inside a group too: `office.no` is
 * `user['office.no']` and `user.office.no`. What the user itself has (e-mail, phone, id) wins over attributes.
 */
export function variablesOf(user: Pick<User, "userId" | "email" | "phone" | "attributes">): Variables {
  const own = {
    userId: user.userId,
    ...(user.email === null ? {} : { email: user.email }),
    // The digits of E.164 without the plus sign, as files of contacts write them.
    ...(user.phone === null ? {} : { phone: user.phone, phone_no: user.phone }),
  };
  return { user: { ...groupsOf(user.attributes), ...user.attributes, ...own } };
}

/** Dotted names as objects within objects. */
function groupsOf(attributes: Record<string, unknown>): Record<string, unknown> {
  const groups: Group = new Map();
  for (const [name, value] of Object.entries(attributes)) {
    const path = name.split(".");
    const last = path.pop();
    if (path.length === 0 || last === undefined) continue;
    let group = groups;
    for (const part of path) {
      const inner = group.get(part);
      const next: Group = inner instanceof Map ? inner : new Map();
      group.set(part, next);
      group = next;
    }
    if (!group.has(last)) group.set(last, value);
  }
  return toObject(groups);
}

type Group = Map<string, unknown>;

const toObject = (group: Group): Record<string, unknown> =>
  Object.fromEntries(
    [...group].map(([name, value]) => [name, value instanceof Map ? toObject(value) : value]),
  );
