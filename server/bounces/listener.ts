import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import { StartError } from "../lib/start-error.ts";
import type { Bounces } from "./bounces.ts";

/** Longer ones are refused; a report has what matters in its first kilobytes. */
export const longestMail = 1_048_576;
const mostConnections = 100;
const mostPerAddress = 20;
const mostRecipients = 20;
/** Of silence, and of a connection in all. */
const idleMs = 60_000;
const longestMs = 300_000;

/** A server of SMTP that takes what came back, and nothing else: no mail of others, nothing to pass on. */
export interface BounceListener {
  port: number;
  stop(): Promise<void>;
}

/** What is answered instead of 250. */
class Refusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}

/** Listens on a port. `name` is what it calls itself in its greeting. */
export async function startBounceListener({
  bounces,
  port,
  host,
  name,
  log,
  limits = { idleMs, longestMs },
}: {
  bounces: Bounces;
  port: number;
  host: string;
  name: string;
  log: { error(fields: object, text: string): void; debug(fields: object, text: string): void };
  limits?: { idleMs: number; longestMs: number };
}): Promise<BounceListener> {
  const server = new SMTPServer({
    name,
    // Whoever looks for weak versions is not told of ours; nobody signs in, and nothing that comes is secret.
    disabledCommands: ["AUTH", "STARTTLS", "VRFY", "HELP"],
    disableReverseLookup: true,
    logger: false,
    size: longestMail,
    maxClients: mostConnections,
    socketTimeout: limits.idleMs,
    closeTimeout: 1_000,
    onRcptTo({ address }, session, callback) {
      if (session.envelope.rcptTo.length >= mostRecipients)
        return callback(new Refusal(452, "4.5.3 Too many recipients"));
      // The same words whatever is wrong with it.
      callback(bounces.isOurs(address) ? null : new Refusal(550, "5.1.1 No such user here"));
    },
    onData(stream, session, callback) {
      read(stream)
        .then(async (bytes) => {
          for (const { address } of session.envelope.rcptTo)
            await bounces.take({ bytes, recipient: address, appKey: null });
        })
        .then(
          () => callback(null, "2.0.0 Taken"),
          (error: unknown) => {
            if (error instanceof Refusal) return callback(error);
            log.error({ err: error }, "a mail that came back could not be taken");
            callback(new Refusal(451, "4.3.0 Try again later"));
          },
        );
    },
  });
  // What others send breaks off in every way; none of it is a fault of ours.
  server.on("error", (error) => log.debug({ err: error }, "a connection of the bounce listener broke"));
  const sockets = limitSockets(server, limits.longestMs);
  await listen(server, port, host);
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Reads a mail to its end, and keeps no more of it than is taken. */
async function read(stream: SMTPServerDataStream): Promise<Buffer> {
  const kept = buffer(
    (async function* () {
      for await (const chunk of stream) if (!stream.sizeExceeded) yield chunk;
    })(),
  );
  const bytes = await kept;
  if (stream.sizeExceeded) throw new Refusal(552, "5.3.4 Larger than 1 MB");
  return bytes;
}

/** Ends connections that last too long, however busy, and does not let one machine take all of them. */
function limitSockets(server: SMTPServer, longestMs: number): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const perAddress = new Map<string, number>();
  server.server.prependListener("connection", (socket: Socket) => {
    const from = socket.remoteAddress ?? "";
    const count = (perAddress.get(from) ?? 0) + 1;
    perAddress.set(from, count);
    sockets.add(socket);
    const timer = setTimeout(() => socket.destroy(), longestMs);
    socket.once("close", () => {
      clearTimeout(timer);
      sockets.delete(socket);
      const left = (perAddress.get(from) ?? 1) - 1;
      if (left === 0) perAddress.delete(from);
      else perAddress.set(from, left);
    });
    if (count > mostPerAddress) socket.destroy();
  });
  return sockets;
}

/** On this port and no other: it is where the world was told to bring mail to. */
function listen(server: SMTPServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      const { code } = error as { code?: string };
      const reason =
        code === "EADDRINUSE"
          ? "is taken by another program"
          : code === "EACCES"
            ? "may not be listened on by this user"
            : `cannot be listened on (${error.message})`;
      reject(
        new StartError(
          `BOUNCE_PORT: port ${port} ${reason}. Choose another one and lead port 25 there, see docs/email-returns.md.`,
          { cause: error },
        ),
      );
    };
    server.server.once("error", fail);
    server.listen(port, host, () => {
      server.server.off("error", fail);
      resolve();
    });
  });
}
