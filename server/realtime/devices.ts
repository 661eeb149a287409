import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database, Queryable } from "../db/database.ts";
import { findReaders } from "../installations/installations.ts";
import { type PresenceChange, writePresence } from "../installations/presence.ts";
import { createGroup } from "../lib/group.ts";
import { installationKey } from "../lib/keys.ts";
import type { Acknowledgements } from "./acknowledgements.ts";
import type { InboxPublisher } from "./publisher.ts";
import { Acknowledgement } from "./schema.ts";
import { type DeviceAddress, readDeviceTopic } from "./topics.ts";

/** Reads the messages that devices of an app have not acknowledged, ready to publish, oldest first. */
export type OpenInboxes = (
  db: Queryable,
  appKey: number,
  inboxes: readonly { userKeys: readonly string[]; installationKey: string }[],
  now: Date,
) => Promise<{ messageId: string; installationKey: string; payload: string }[]>;

interface Parts {
  db: Database;
  publisher: InboxPublisher;
  acknowledgements: Acknowledgements;
  findAppKey: (appId: string) => Promise<number | null>;
  /** Whether the device holds a subscription now; null when only an outside broker could tell. */
  isListening: (device: DeviceAddress) => boolean | null;
  openInboxes: OpenInboxes;
  /** Hears what is published to a filter. */
  subscribe: (filter: string, heard: (topic: string, payload: Buffer) => void) => Promise<void>;
  /** When the role stops. */
  signal: AbortSignal;
  logger: Logger;
}

export interface Devices {
  /** The device subscribed to its inbox: from now on it is published to. What waits is handed over at hello. */
  listening(device: DeviceAddress): Promise<void>;
  gone(device: DeviceAddress): Promise<void>;
  /** As if the device had said hello. */
  hello(device: DeviceAddress): Promise<void>;
}

interface Known extends DeviceAddress {
  appKey: number;
  key: string;
}

/** While the database is away, what a device said is not lost: it does not say it again. */
const againMs = 1_000;
const atMostTimes = 120;

/** After a restart of the broker all devices come at once: they are written down and greeted by hundreds. */
const presenceAtMost = 500;
const greetedAtMost = 100;
const greetingLanes = 4;

/** Listens to what devices say: hello, acknowledgements, and the last will that says they are gone. */
export async function listenToDevices(parts: Parts): Promise<Devices> {
  const { db, logger, acknowledgements } = parts;
  // One lane: of one device that comes and goes the last word holds.
  const setPresence = createGroup<PresenceChange, void>(
    async (changes) => {
      await writePresence(db, changes);
      return changes.map(() => undefined);
    },
    { atMost: presenceAtMost },
  );
  const greet = createGroup<Known, void>(
    async (devices) => {
      for (const appKey of new Set(devices.map((device) => device.appKey)))
        await greetAll(
          parts,
          appKey,
          devices.filter((device) => device.appKey === appKey),
        );
      return devices.map(() => undefined);
    },
    { atMost: greetedAtMost, lanes: greetingLanes },
  );

  const known = async (device: DeviceAddress): Promise<Known | null> => {
    const appKey = await parts.findAppKey(device.appId);
    const { appId, installationId } = device;
    return appKey === null
      ? null
      : { appId, installationId, appKey, key: installationKey(appId, installationId) };
  };
  const moved = async (device: DeviceAddress, isConnected: boolean) => {
    const found = await known(device);
    if (!found) return;
    const { appKey, key } = found;
    await setPresence({ appKey, installationKey: key, isConnected, at: new Date() });
  };
  const hello = async (device: DeviceAddress) => {
    const found = await known(device);
    if (!found) return;
    // First present, then the inbox: who sends meanwhile either finds the device here or leaves its row there.
    if (parts.isListening(device) !== false) await moved(device, true);
    await greet(found);
  };
  /** Does it again until it is done, as long as the broker does not say otherwise. */
  const insist = async (work: () => Promise<void>, device: DeviceAddress, isThere: boolean) => {
    for (let times = 1; ; times++) {
      try {
        return await work();
      } catch (error) {
        logger.error({ err: error, device }, "what a device said could not be worked off yet");
        if (times === atMostTimes || parts.signal.aborted) return;
        await pause(againMs);
        const now = parts.isListening(device);
        if (parts.signal.aborted || (now !== null && now !== isThere)) return;
      }
    }
  };
  const came = (device: DeviceAddress) => insist(() => moved(device, true), device, true);
  const left = (device: DeviceAddress) => insist(() => moved(device, false), device, false);
  const greeted = (device: DeviceAddress) => insist(() => hello(device), device, true);

  const hear = (name: string, payload: Buffer) => {
    const device = readDeviceTopic(name);
    if (device?.topic === "hello") void greeted(device);
    if (device?.topic === "presence") void left(device);
    if (device?.topic !== "ack") return;
    const acknowledgement = readAcknowledgement(payload);
    const { appId, installationId } = device;
    if (acknowledgement)
      acknowledgements.add(appId, { installationId, acknowledgement, receivedAt: new Date() });
    else logger.debug({ app: appId, installation: installationId }, "an acknowledgement was not readable");
  };
  for (const topic of ["hello", "ack", "presence"])
    await parts.subscribe(`app/+/installation/+/${topic}`, hear);

  return { listening: came, gone: left, hello: greeted };
}

/** Hands devices of one app what they have not acknowledged. */
async function greetAll(parts: Parts, appKey: number, devices: readonly Known[]): Promise<void> {
  const { db, publisher, acknowledgements } = parts;
  const byKey = new Map(devices.map((device) => [device.key, device]));
  const owners = await findReaders(db, appKey, [...byKey.keys()]);
  const now = new Date();
  const inboxes = [...owners].map(([key, userKeys]) => ({ installationKey: key, userKeys }));
  const waiting = await parts.openInboxes(db, appKey, inboxes, now);
  if (waiting.length === 0) return;
  await publisher.publish(
    waiting.flatMap(({ installationKey: key, payload }) => {
      const device = byKey.get(key);
      return device ? [{ device, payload }] : [];
    }),
  );
  await acknowledgements.apply(
    waiting.map(({ messageId, installationKey: key }) => ({
      appKey,
      subject: { messageId, installationKey: key, userKeys: owners.get(key) ?? [] },
      state: "sent" as const,
      at: now,
      ...{ code: null, detail: null },
    })),
  );
}

function readAcknowledgement(payload: Buffer): Acknowledgement | null {
  try {
    return Acknowledgement.parse(JSON.parse(payload.toString("utf8")));
  } catch {
    return null;
  }
}
