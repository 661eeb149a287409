import type { IncomingMessage } from "node:http";
import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import type { MqttClient } from "mqtt";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { listen } from "../db/notify.ts";
import { clearPresence, revoked } from "../installations/presence.ts";
import { type Access, createAccess } from "./access.ts";
import { type FindActions, gatherAcknowledgements } from "./acknowledgements.ts";
import { type Broker, startBroker } from "./broker.ts";
import { connected, connectToBroker } from "./client.ts";
import { type Devices, listenToDevices, type OpenInboxes } from "./devices.ts";
import { manageMosquitto } from "./mosquitto.ts";
import { createPublisher } from "./publisher.ts";
import { hearRollCalls } from "./roll-call.ts";
import { type DeviceAddress, eventTopic, readDeviceUsername, rollCallTopic } from "./topics.ts";
import { keepWatch } from "./watch.ts";

export interface Realtime {
  /** Of the embedded broker; null with an outside one. */
  readonly port: number | null;
  /** Where Chapar's own roles find the broker. */
  readonly url: string;
  readonly access: Access;
  /** Lets a device in that has just registered, where the broker has to be told. */
  admit(device: DeviceAddress, credentials: { username: string; password: string }): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  isConnected(): boolean;
  /** Tells whoever listens to an event. Resolves with false while the broker is away: nobody heard it. */
  publishEvent(event: { appId: string; name: string; from: string; data: unknown }): Promise<boolean>;
  stop(): Promise<void>;
}

/** A broker that others run. */
export interface OutsideBroker {
  url: string;
  /** Whether several api roles share what devices say, by `$share/…` subscriptions that the broker has. */
  isShared: boolean;
  /** Whether it is a Mosquitto whose dynamic-security plug-in we tell who its clients are; else it asks us. */
  isManaged: boolean;
}

const connectWithinMs = 10_000;
/** The first to come after a start may find that another role has watched all along. */
const awayBeforeStartMs = 6_000;

/** The api role's side of the realtime inbox: the embedded broker unless there is another, and what devices report. */
export async function startRealtime(options: {
  db: Database;
  secretKey: string;
  /** Null starts the embedded one. */
  outside: OutsideBroker | null;
  listen: (server: Server) => Promise<number>;
  connectRate: number;
  addressOf: (request: IncomingMessage) => string;
  findAppKey: (appId: string) => Promise<number | null>;
  listAppIds: () => Promise<string[]>;
  openInboxes: OpenInboxes;
  findActions: FindActions;
  logger: Logger;
}): Promise<Realtime> {
  const { db, secretKey, findAppKey, logger, outside } = options;
  const access = createAccess({ db, secretKey, findAppKey });
  const acknowledgements = gatherAcknowledgements({
    ...{ db, findAppKey, findActions: options.findActions, logger },
  });
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const stopping = new AbortController();
  // The broker hears of devices before the listener below exists; none of them is let in until it does.
  let devices: Devices | null = null;
  let broker: Broker | null = null;
  if (!outside) {
    // Whoever was connected to the broker of an earlier process no longer is.
    await clearPresence(db);
    broker = await startBroker({
      ...{ access, logger, listen: options.listen, ready },
      ...{ connectRate: options.connectRate, addressOf: options.addressOf },
      events: {
        onListening: (device) => void devices?.listening(device),
        onGone: (device) => void devices?.gone(device),
      },
    });
  }
  const url = outside?.url ?? `mqtt://127.0.0.1:${broker?.port}`;
  const brokerId = outside ? new URL(url).host : "embedded";
  const client = connectToBroker({ url, secretKey, name: "api", logger });
  await connected(client, connectWithinMs);
  const { username } = new URL(url);
  const mosquitto = outside?.isManaged
    ? await manageMosquitto({
        ...{ client, logger, username: decodeURIComponent(username) },
        publicEvents: access.publicEvents,
      })
    : null;
  const onError = (error: unknown) => logger.warn({ err: error }, "presence is not watched over");
  const callRoll = async () => {
    for (const device of broker?.listListening() ?? []) void devices?.hello(device);
    for (const appId of await options.listAppIds())
      client.publish(rollCallTopic(appId), JSON.stringify({ at: Date.now() }));
  };
  const watch = await keepWatch({
    ...{ db, brokerId, awayMs: outside ? awayBeforeStartMs : null, onError },
    onForgotten: () => void callRoll().catch(onError),
  });
  devices = await listenToDevices({
    ...{ db, findAppKey, logger, acknowledgements, openInboxes: options.openInboxes },
    publisher: createPublisher(client),
    isListening: (device) => broker?.isListening(device) ?? null,
    subscribe: broker?.subscribe ?? subscribeOver(client, outside?.isShared ? "$share/chapar/" : ""),
    signal: stopping.signal,
  });
  isReady();
  client.on("close", () => watch.lost());
  // Whoever said hello meanwhile was not heard.
  client.on("connect", () => void watch.back().then(callRoll).catch(onError));
  const rollCalls = hearRollCalls(db, () => void callRoll().catch(onError));
  const revocations = listen(db, revoked, (payload) => {
    const device = readDeviceUsername(payload);
    if (!device) return;
    broker?.disconnect(device);
    // Its last will is refused with it.
    mosquitto
      ?.expel(device)
      .then(() => devices?.gone(device))
      .catch((error) => logger.warn({ err: error }, "a device was not shut out"));
  });

  return {
    port: broker?.port ?? null,
    ...{ url, access },
    admit: async (device, credentials) => mosquitto?.admit(device, credentials),
    upgrade: (request, socket, head) => {
      if (broker) broker.upgrade(request, socket, head);
      else socket.destroy();
    },
    isConnected: () => client.connected,
    async publishEvent({ data, ...event }) {
      if (!client.connected) return false;
      await client.publishAsync(eventTopic(event), JSON.stringify(data ?? {}), { qos: 0 });
      return true;
    },
    async stop() {
      stopping.abort();
      watch.stop();
      revocations.stop();
      rollCalls.stop();
      await acknowledgements.stop();
      await client.endAsync(true);
      await broker?.stop();
    },
  };
}

/** Hears what is published to a filter of an outside broker. */
const subscribeOver =
  (client: MqttClient, prefix: string) =>
  async (filter: string, heard: (topic: string, payload: Buffer) => void): Promise<void> => {
    // Filters here differ in their last level, which has no wildcard.
    const last = filter.slice(filter.lastIndexOf("/"));
    client.on("message", (topic, payload) => {
      if (topic.endsWith(last)) heard(topic, payload);
    });
    await client.subscribeAsync(`${prefix}${filter}`, { qos: 1 });
  };
