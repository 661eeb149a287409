import type { IncomingMessage } from "node:http";
import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { clearPresence, findCredentials } from "../installations/installations.ts";
import { type Broker, startBroker } from "./broker.ts";
import { connected, connectToBroker } from "./client.ts";
import { type Devices, listenToDevices, type OpenInbox } from "./devices.ts";
import { createPublisher } from "./publisher.ts";

export interface Realtime {
  /** Of the embedded broker; null with an outside one. */
  readonly port: number | null;
  /** Where Chapar's own roles find the broker. */
  readonly url: string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  isConnected(): boolean;
  stop(): Promise<void>;
}

const connectWithinMs = 10_000;

/** The api role's side of the realtime inbox: the embedded broker unless there is another, and what devices report. */
export async function startRealtime(options: {
  db: Database;
  secretKey: string;
  /** Of an outside broker; null starts the embedded one. */
  brokerUrl: string | null;
  listen: (server: Server) => Promise<number>;
  findAppKey: (appId: string) => Promise<number | null>;
  openInbox: OpenInbox;
  logger: Logger;
}): Promise<Realtime> {
  const { db, secretKey, findAppKey, logger } = options;
  // The broker hears of devices before the listener below exists, but only after the first of them connects.
  let devices: Devices | null = null;
  let broker: Broker | null = null;
  if (options.brokerUrl === null) {
    // Whoever was connected to the broker of an earlier process no longer is.
    await clearPresence(db);
    broker = await startBroker({
      ...{ secretKey, logger, listen: options.listen },
      findVersion: async ({ appId, installationId }) => {
        const appKey = await findAppKey(appId);
        return appKey === null ? null : findCredentials(db, { appKey, appId }, installationId);
      },
      events: {
        onListening: (device) => void devices?.listening(device),
        onGone: (device) => void devices?.gone(device),
      },
    });
  }
  const url = options.brokerUrl ?? `mqtt://127.0.0.1:${broker?.port}`;
  const client = connectToBroker({ url, secretKey, name: "api", logger });
  await connected(client, connectWithinMs);
  devices = await listenToDevices({
    ...{ db, client, findAppKey, logger, openInbox: options.openInbox },
    publisher: createPublisher(client),
    isListening: (device) => broker?.isListening(device) ?? null,
  });

  return {
    port: broker?.port ?? null,
    url,
    upgrade: (request, socket, head) => {
      if (broker) broker.upgrade(request, socket, head);
      else socket.destroy();
    },
    isConnected: () => client.connected,
    async stop() {
      await devices?.stop();
      await client.endAsync(true);
      await broker?.stop();
    },
  };
}
