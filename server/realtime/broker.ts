import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import type { Logger } from "pino";
import { createWebSocketStream, WebSocketServer } from "ws";
import { isBrokerPassword, serviceUsername } from "./credentials.ts";
import { guardPackets } from "./packet-guard.ts";
import { type DeviceAddress, deviceTopic, readDeviceTopic, readDeviceUsername } from "./topics.ts";

/** Larger than any message we accept, and small enough that ten thousand connections cannot fill the memory. */
const maxPacketBytes = 256 * 1024;

// MQTT 3.1.1 §3.2.2.3
const badUsernameOrPassword = 4;

export interface Broker {
  readonly port: number;
  isListening(device: DeviceAddress): boolean;
  /** Takes over an HTTP upgrade to WebSocket. */
  upgrade(request: import("node:http").IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
}

export interface BrokerEvents {
  /** A device subscribed to its inbox. */
  onListening(device: DeviceAddress): void;
  /** The last connection of a device that listened is gone. */
  onGone(device: DeviceAddress): void;
}

/** An MQTT 3.1.1 broker in this process, over TCP and WebSocket. `listen` binds the port (0 is any). */
export async function startBroker(options: {
  secretKey: string;
  listen: (server: Server) => Promise<number>;
  /** The version of a device's password; null where there is no such device. */
  findVersion: (device: DeviceAddress) => Promise<number | null>;
  events: BrokerEvents;
  logger: Logger;
}): Promise<Broker> {
  const { secretKey, events, logger } = options;
  const users = new WeakMap<Client, string>();
  const listeners = new Map<string, Set<Client>>();

  const aedes = new Aedes({
    // Nobody's session outlives the connection: what is not acknowledged is sent again after hello.
    preConnect: (client, packet, done) => {
      packet.clean = true;
      if (packet.clientId === "") return done(new Error("a client id is required"), false);
      client.on("error", () => {});
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      const refuse = () => {
        const error = new Error("bad user name or password") as AuthenticateError;
        error.returnCode = badUsernameOrPassword as never; // the library's const enum cannot be imported
        done(error, false);
      };
      if (!username || !password) return refuse();
      // Another's client id would throw that client off (§3.1.4), so it must begin with the own name.
      if (username !== serviceUsername && client.id !== username && !client.id.startsWith(`${username}/`))
        return refuse();
      const signIn = (version: number | null) => {
        if (version === null || !isBrokerPassword(secretKey, username, version, password)) return refuse();
        users.set(client, username);
        done(null, true);
      };
      if (username === serviceUsername) return signIn(0);
      const device = readDeviceUsername(username);
      if (!device) return refuse();
      options.findVersion(device).then(signIn, (error) => {
        logger.error({ err: error }, "a device could not be looked up");
        refuse();
      });
    },
    authorizePublish: (client, packet, done) => {
      const username = client && users.get(client);
      if (!client || username === serviceUsername) return done(null);
      const topic = readDeviceTopic(packet.topic);
      const isOwn =
        topic !== null && `${topic.appId}/${topic.installationId}` === username && topic.topic !== "inbox";
      packet.retain = false;
      done(isOwn ? null : new Error("not a topic of this installation"));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const username = users.get(client);
      if (username === serviceUsername) return done(null, subscription);
      const device = readDeviceUsername(username ?? "");
      const isOwn = device !== null && subscription.topic === deviceTopic(device, "inbox");
      // Null answers 0x80, "failure", for this one topic (§3.9.3) and keeps the connection.
      done(null, isOwn ? subscription : null);
    },
  });
  await aedes.listen();

  aedes.on("subscribe", (subscriptions, client) => {
    const device = readDeviceUsername(users.get(client) ?? "");
    if (!device || !subscriptions.some((each) => each.topic === deviceTopic(device, "inbox"))) return;
    const key = `${device.appId}/${device.installationId}`;
    const clients = listeners.get(key) ?? new Set();
    listeners.set(key, clients.add(client));
    events.onListening(device);
  });
  const leave = (client: Client) => {
    const key = users.get(client) ?? "";
    const clients = listeners.get(key);
    if (!clients?.delete(client) || clients.size > 0) return;
    listeners.delete(key);
    const device = readDeviceUsername(key);
    if (device) events.onGone(device);
  };
  aedes.on("clientDisconnect", leave);
  aedes.on("unsubscribe", (_topics, client) => leave(client));
  aedes.on("clientError", (_client, error) => logger.debug({ err: error }, "a device broke off"));
  aedes.on("connectionError", (_client, error) => logger.debug({ err: error }, "a device was refused"));

  const sockets = new Set<Duplex>();
  const accept = (stream: Duplex, request?: import("node:http").IncomingMessage) => {
    sockets.add(stream);
    stream.on("close", () => sockets.delete(stream));
    aedes.handle(guardPackets(stream, maxPacketBytes), request as never);
  };
  const server = createServer({ noDelay: true }, (socket: Socket) => accept(socket));
  const port = await options.listen(server);
  const websockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPacketBytes,
    // MQTT 3.1.1 §6.0.0.4: the client offers "mqtt" and the server must select it.
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
  });

  return {
    port,
    isListening: (device) => listeners.has(`${device.appId}/${device.installationId}`),
    upgrade(request, socket, head) {
      if (socket && "setNoDelay" in socket) (socket as Socket).setNoDelay(true);
      websockets.handleUpgrade(request, socket, head, (connection) =>
        accept(createWebSocketStream(connection), request),
      );
    },
    async stop() {
      websockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
