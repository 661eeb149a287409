import type { MqttClient } from "mqtt";
import type { Logger } from "pino";
import type { Database, Queryable } from "../db/database.ts";
import { createHints, type Hints } from "../db/notify.ts";
import { applyReceipts, type Receipt } from "../deliveries/apply.ts";
import { findAllOwners, setConnected, setDisconnected } from "../installations/installations.ts";
import { installationKey } from "../lib/keys.ts";
import type { InboxPublisher } from "./publisher.ts";
import { Acknowledgement } from "./schema.ts";
import { type DeviceAddress, readDeviceTopic } from "./topics.ts";

/** Acknowledgements are gathered for this long, so that a thousand of them are one transaction. */
const gatherMs = 20;
const gatherAtMost = 1_000;

/** Reads the messages that a device has not acknowledged, ready to publish, oldest first. */
export type OpenInbox = (
  db: Queryable,
  inbox: { appKey: number; userKeys: readonly string[]; installationKey: string },
  now: Date,
) => Promise<{ messageId: string; payload: string }[]>;

interface Parts {
  db: Database;
  client: MqttClient;
  publisher: InboxPublisher;
  findAppKey: (appId: string) => Promise<number | null>;
  /** Whether the device holds a subscription now; null when only an outside broker could tell. */
  isListening: (device: DeviceAddress) => boolean | null;
  openInbox: OpenInbox;
  logger: Logger;
}

interface Report {
  device: DeviceAddress;
  acknowledgement: Acknowledgement;
  receivedAt: Date;
}

export interface Devices {
  /** The device subscribed to its inbox: from now on it is published to. What waits is handed over at hello. */
  listening(device: DeviceAddress): Promise<void>;
  gone(device: DeviceAddress): Promise<void>;
  stop(): Promise<void>;
}

/** Listens to what devices say: hello, acknowledgements, and the last will that says they are gone. */
export async function listenToDevices(parts: Parts): Promise<Devices> {
  const { db, client, logger } = parts;
  const panels = createHints(db, (error) =>
    logger.warn({ err: error }, "panels were not told of acknowledgements"),
  );
  let gathered: Report[] = [];
  let timer: NodeJS.Timeout | undefined;
  let applying: Promise<void> = Promise.resolve();

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const reports = gathered;
    gathered = [];
    applying = applying
      .then(() => acknowledge(parts, panels, reports))
      .catch((error) =>
        logger.error({ err: error, lost: reports.length }, "acknowledgements could not be stored"),
      );
  };
  const gather = (report: Report) => {
    gathered.push(report);
    if (gathered.length >= gatherAtMost) flush();
    else timer ??= setTimeout(flush, gatherMs);
  };

  const hello = async (device: DeviceAddress) => {
    const appKey = await parts.findAppKey(device.appId);
    if (appKey === null) return;
    const key = installationKey(device.appId, device.installationId);
    const userKeys = (await findAllOwners(db, appKey, [key])).get(key);
    if (!userKeys) return;
    const now = new Date();
    // First present, then the inbox: who sends meanwhile either finds the device here or leaves its row there.
    if (parts.isListening(device) !== false) await setConnected(db, { appKey, installationKey: key, now });
    const waiting = await parts.openInbox(db, { appKey, userKeys, installationKey: key }, now);
    if (waiting.length === 0) return;
    for (const { payload } of waiting) await parts.publisher.publish([device], payload);
    await apply(
      db,
      panels,
      waiting.map(({ messageId }) => ({
        appKey,
        subject: { messageId, installationKey: key, userKeys },
        state: "sent" as const,
        at: now,
        ...{ code: null, detail: null },
      })),
    );
  };
  const listening = async (device: DeviceAddress) => {
    const appKey = await parts.findAppKey(device.appId);
    const key = installationKey(device.appId, device.installationId);
    if (appKey !== null) await setConnected(db, { appKey, installationKey: key, now: new Date() });
  };
  const gone = async (device: DeviceAddress) => {
    const appKey = await parts.findAppKey(device.appId);
    if (appKey === null) return;
    await setDisconnected(db, {
      appKey,
      installationKey: installationKey(device.appId, device.installationId),
    });
  };
  const guarded = (work: Promise<void>) =>
    work.catch((error) => logger.error({ err: error }, "a device's report failed"));

  client.on("message", (name, payload) => {
    const device = readDeviceTopic(name);
    if (device?.topic === "hello") void guarded(hello(device));
    if (device?.topic === "presence") void guarded(gone(device));
    if (device?.topic !== "ack") return;
    const acknowledgement = readAcknowledgement(payload);
    if (acknowledgement) gather({ device, acknowledgement, receivedAt: new Date() });
    else
      logger.debug(
        { app: device.appId, installation: device.installationId },
        "an acknowledgement was not readable",
      );
  });
  await client.subscribeAsync(
    ["app/+/installation/+/hello", "app/+/installation/+/ack", "app/+/installation/+/presence"],
    { qos: 0 },
  );

  return {
    listening: (device) => guarded(listening(device)),
    gone: (device) => guarded(gone(device)),
    async stop() {
      flush();
      await applying;
      await panels.stop();
    },
  };
}

function readAcknowledgement(payload: Buffer): Acknowledgement | null {
  try {
    return Acknowledgement.parse(JSON.parse(payload.toString("utf8")));
  } catch {
    return null;
  }
}

/** Turns reports into receipts and applies them, app by app. */
async function acknowledge(
  { db, findAppKey }: Parts,
  panels: Hints,
  reports: readonly Report[],
): Promise<void> {
  const receipts: Receipt[] = [];
  for (const [appId, ofApp] of byApp(reports)) {
    const appKey = await findAppKey(appId);
    if (appKey === null) continue;
    const keys = ofApp.map(({ device }) => installationKey(appId, device.installationId));
    const owners = await findAllOwners(db, appKey, [...new Set(keys)]);
    for (const [index, { acknowledgement, receivedAt }] of ofApp.entries()) {
      const key = keys[index] ?? "";
      receipts.push({
        appKey,
        subject: { messageId: acknowledgement.id, installationKey: key, userKeys: owners.get(key) ?? [] },
        state: acknowledgement.state,
        at: acknowledgement.at === undefined ? receivedAt : new Date(acknowledgement.at),
        ...{ code: null, detail: null },
      });
    }
  }
  await apply(db, panels, receipts);
}

function byApp(reports: readonly Report[]): Map<string, Report[]> {
  const groups = new Map<string, Report[]>();
  for (const report of reports) {
    const group = groups.get(report.device.appId);
    if (group) group.push(report);
    else groups.set(report.device.appId, [report]);
  }
  return groups;
}

async function apply(db: Database, panels: Hints, receipts: readonly Receipt[]): Promise<void> {
  const { changed } = await db.transaction((tx) => applyReceipts(tx, receipts, new Date()));
  for (const { appKey, messageId } of changed)
    panels.give("chapar_changes", `${appKey}:message:${messageId}`);
}
