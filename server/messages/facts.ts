import type { Queryable } from "../db/database.ts";
import { findLatestEvents, type LatestEvent } from "../events/latest.ts";
import { findDevices, findLatestDevices, type KnownDevice } from "../installations/device-fields.ts";
import { nilUuid } from "../lib/keys.ts";
import type { Needs } from "../templates/needs.ts";
import type { DeviceFields, EventFields, OtherVariables } from "../templates/variables.ts";

/** Who is spoken of: a user, and the device that the message goes to; the nil uuid where it goes to none. */
export interface Spoken {
  userKey: string;
  installationKey: string;
}

/**
 * What texts need of these users besides what is read with them, in one question a kind, and in none where they need
 * nothing. Answers what there is of each.
 */
export async function findFacts(
  db: Queryable,
  appKey: number,
  needs: Needs,
  spoken: readonly Spoken[],
): Promise<(one: Spoken) => Pick<OtherVariables, "device" | "deviceType" | "event">> {
  const userKeys = [...new Set(spoken.map(({ userKey }) => userKey))];
  const onDevices = spoken.filter(({ installationKey }) => installationKey !== nilUuid);
  const without = spoken.filter(({ installationKey }) => installationKey === nilUuid);
  const devices =
    needs.device && onDevices.length > 0
      ? await findDevices(db, appKey, {
          userKeys: onDevices.map(({ userKey }) => userKey),
          installationKeys: onDevices.map(({ installationKey }) => installationKey),
        })
      : new Map<string, KnownDevice>();
  const latest =
    needs.device && without.length > 0
      ? await findLatestDevices(db, appKey, [...new Set(without.map(({ userKey }) => userKey))])
      : new Map<string, KnownDevice>();
  const events =
    needs.events.length > 0
      ? byUser(
          await findLatestEvents(db, appKey, {
            ...{ userKeys, names: needs.events, withData: needs.eventData },
          }),
        )
      : null;
  return ({ userKey, installationKey }) => {
    const device = installationKey === nilUuid ? latest.get(userKey) : devices.get(installationKey);
    return {
      ...(device ? { device: fieldsOf(device), deviceType: device.deviceType } : {}),
      ...(events ? { event: events.get(userKey) ?? {} } : {}),
    };
  };
}

const fieldsOf = ({ installDate, launchTime, ...device }: KnownDevice): DeviceFields => ({
  ...device,
  appVersion: device.clientVersion,
  installDate: installDate?.toISOString() ?? null,
  launchTime: launchTime?.toISOString() ?? null,
});

function byUser(events: readonly LatestEvent[]): Map<string, Record<string, EventFields>> {
  const users = new Map<string, [string, EventFields][]>();
  for (const { userKey, name, count, firstAt, lastAt, value, valueText, sum, data } of events) {
    const fields = { value: value ?? valueText, count, sum, data };
    const times = { time: lastAt.toISOString(), first: firstAt.toISOString() };
    const entries = users.get(userKey) ?? [];
    entries.push([name, { ...fields, ...times }]);
    users.set(userKey, entries);
  }
  return new Map([...users].map(([userKey, entries]) => [userKey, Object.fromEntries(entries)]));
}
