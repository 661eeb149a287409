import type { IncomingMessage } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import type { Logger } from "pino";
import { createWebSocketStream, WebSocketServer } from "ws";
import { installationKey } from "../lib/keys.ts";
import type { Access, Subject } from "./access.ts";
import { createConnectRate } from "./connect-rate.ts";
import { type Guard, guardPackets } from "./packet-guard.ts";
import { type DeviceAddress, deviceTopic } from "./topics.ts";

/** Larger than any message we accept, and small enough that ten thousand connections cannot fill the memory. */
const maxPacketBytes = 256 * 1024;
/** A connection that says nothing is somebody who scans ports, or a phone that lost its network. */
const connectWithinMs = 10_000;

// MQTT 3.1.1 §3.2.2.3
const badUsernameOrPassword = 4;

export interface Broker {
  readonly port: number;
  isListening(device: DeviceAddress): boolean;
  listListening(): DeviceAddress[];
  /** Hears what devices publish, without the way over a socket. */
  subscribe(filter: string, heard: (topic: string, payload: Buffer) => void): Promise<void>;
  /** Ends the connections of a device. */
  disconnect(device: DeviceAddress): void;
  /** Takes over an HTTP upgrade to WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
}

export interface BrokerEvents {
  /** A device subscribed to its inbox. */
  onListening(device: DeviceAddress): void;
  /** The last connection of a device that listened is gone. */
  onGone(device: DeviceAddress): void;
}

/** What a connected device is known by. */
interface Session {
  device: DeviceAddress;
  key: string;
}

/** An MQTT 3.1.1 broker in this process, over TCP and WebSocket. `listen` binds the port (0 is any). */
export async function startBroker(options: {
  access: Access;
  /** Until then devices wait: whoever said hello before anybody heard it would not say it again. */
  ready: Promise<void>;
  listen: (server: Server) => Promise<number>;
  /** Connections a second that one address may make. */
  connectRate: number;
  /** Where an upgrade comes from: behind a proxy, whom that names. */
  addressOf: (request: IncomingMessage) => string;
  events: BrokerEvents;
  logger: Logger;
}): Promise<Broker> {
  const { access, events, logger } = options;
  const subjects = new WeakMap<Client, Subject>();
  const guards = new WeakMap<object, Guard>();
  // By installation key: everybody who signed in as it, and those of them that listen to its inbox.
  const sessions = new Map<string, Set<Client>>();
  const listeners = new Map<string, Set<Client>>();
  const sessionOf = (client: Client): Session | null => {
    const subject = subjects.get(client);
    if (subject?.kind !== "device") return null;
    const { device } = subject;
    return { device, key: installationKey(device.appId, device.installationId) };
  };

  const aedes = new Aedes({
    connectTimeout: connectWithinMs,
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
      access.signIn({ username, password, clientId: client.id }).then(
        async (subject) => {
          if (!subject) return refuse();
          if (subject.kind === "device") await options.ready;
          subjects.set(client, subject);
          if (subject.kind === "service") guards.get(client.conn)?.trust();
          done(null, true);
        },
        (error) => {
          logger.error({ err: error }, "a device could not be looked up");
          refuse();
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      const subject = client && subjects.get(client);
      if (subject?.kind === "service") return done(null);
      packet.retain = false;
      const isAllowed = subject?.kind === "device" && access.mayPublish(subject.device, packet.topic);
      done(isAllowed ? null : new Error("not a topic of this installation"));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const subject = subjects.get(client);
      if (subject?.kind === "service") return done(null, subscription);
      // Null answers 0x80, "failure", for this one topic (§3.9.3) and keeps the connection.
      if (subject?.kind !== "device") return done(null, null);
      access.maySubscribe(subject.device, subscription.topic).then(
        (isAllowed) => done(null, isAllowed ? subscription : null),
        (error) => {
          logger.error({ err: error }, "what a device may listen to could not be looked up");
          done(null, null);
        },
      );
    },
  });
  await aedes.listen();

  aedes.on("clientReady", (client) => {
    const session = sessionOf(client);
    if (session) add(sessions, session.key, client);
  });
  aedes.on("subscribe", (subscriptions, client) => {
    const session = sessionOf(client);
    if (!session || !subscriptions.some((each) => each.topic === deviceTopic(session.device, "inbox")))
      return;
    add(listeners, session.key, client);
    events.onListening(session.device);
  });
  const leave = (client: Client) => {
    const session = sessionOf(client);
    if (session && remove(listeners, session.key, client)) events.onGone(session.device);
  };
  aedes.on("clientDisconnect", (client) => {
    const session = sessionOf(client);
    if (session) remove(sessions, session.key, client);
    leave(client);
  });
  aedes.on("unsubscribe", (topics, client) => {
    const session = sessionOf(client);
    if (session && topics.includes(deviceTopic(session.device, "inbox"))) leave(client);
  });
  aedes.on("clientError", (_client, error) => logger.debug({ err: error }, "a device broke off"));
  aedes.on("connectionError", (_client, error) => logger.debug({ err: error }, "a device was refused"));

  const mayConnect = createConnectRate(options.connectRate);
  const sockets = new Set<Duplex>();
  const accept = (stream: Duplex, request?: IncomingMessage) => {
    sockets.add(stream);
    stream.on("close", () => sockets.delete(stream));
    guards.set(stream, guardPackets(stream, maxPacketBytes));
    aedes.handle(stream, request as never);
  };
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    if (mayConnect(socket.remoteAddress ?? "", Date.now())) accept(socket);
    else socket.destroy();
  });
  const port = await options.listen(server);
  const websockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPacketBytes,
    // MQTT 3.1.1 §6.0.0.4: the client offers "mqtt" and the server must select it.
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
  });

  return {
    port,
    isListening: (device) => listeners.has(installationKey(device.appId, device.installationId)),
    listListening: () =>
      [...listeners.values()].flatMap((clients) => {
        const [client] = clients;
        const session = client && sessionOf(client);
        return session ? [session.device] : [];
      }),
    subscribe: (filter, heard) =>
      new Promise((resolve) => {
        aedes.subscribe(
          filter,
          (packet, done) => {
            heard(packet.topic, packet.payload as Buffer); // strings are what only we publish
            done();
          },
          resolve,
        );
      }),
    disconnect({ appId, installationId }) {
      for (const client of sessions.get(installationKey(appId, installationId)) ?? []) client.close();
    },
    upgrade(request, socket, head) {
      if (!mayConnect(options.addressOf(request), Date.now())) {
        // RFC 6585 §4
        socket.end("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nConnection: close\r\n\r\n");
        return;
      }
      if ("setNoDelay" in socket) (socket as Socket).setNoDelay(true);
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

function add(groups: Map<string, Set<Client>>, key: string, client: Client): void {
  const group = groups.get(key);
  if (group) group.add(client);
  else groups.set(key, new Set([client]));
}

/** Whether it was the last of its group. */
function remove(groups: Map<string, Set<Client>>, key: string, client: Client): boolean {
  const group = groups.get(key);
  if (!group?.delete(client) || group.size > 0) return false;
  groups.delete(key);
  return true;
}
