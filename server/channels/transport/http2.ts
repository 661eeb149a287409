import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connectOutside } from "../outside.ts";
import type { Outside } from "../provider.ts";
import { type Broken, codeOf, type Exchanged, givenUp, longestAnswer, notConnected } from "./exchange.ts";
import { createWaits, type Wait } from "./waits.ts";

interface Http2Request {
  path: string;
  /** Without those of HTTP/2 itself. Lower-case names. */
  headers: OutgoingHttpHeaders;
  body: string;
}

/** HTTP/2 to one origin over a few long-lived connections: TLS for https, with prior knowledge for http. */
export interface Http2 {
  /** One POST and its answer, within the time. Never throws. */
  exchange(request: Http2Request, signal: AbortSignal): Promise<Exchanged>;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}

const longestConnectMs = 10_000;
/** More are opened only where the service takes few streams on each. */
const mostSessions = 8;
/** Often enough to notice a connection that a router forgot, seldom enough for Apple, who counts more as an attack. */
const pingEveryMs = 10 * 60_000;
const pongWithinMs = 5_000;
/** node's own limit of 10 MB could refuse streams of a busy account. */
const sessionMemoryMb = 64;

/** `connections` is how many requests are under way at once. `origin` is http or https. */
export function openHttp2(
  origin: string,
  outside: Outside,
  { connections, timeoutMs }: { connections: number; timeoutMs: number },
): Http2 {
  const { host, hostname, port, protocol } = new URL(origin);
  const connect = connectOutside(outside, {
    timeoutMs: Math.min(timeoutMs, longestConnectMs),
    allowsHttp2: true,
  });
  const waits = createWaits(timeoutMs);
  const sessions: Session[] = [];
  const queue = new Set<Exchange>();
  let underWay = 0;
  let isConnecting = false;
  let closing: (() => void) | null = null;
  let isClosed = false;
  const pinging = setInterval(() => {
    for (const session of sessions) if (session.active === 0) session.ping();
  }, pingEveryMs).unref();

  const parts: Parts = { host, timeoutMs, settled };

  function settled(exchange: Exchange): void {
    waits.delete(exchange);
    if (exchange.session) {
      exchange.session.active -= 1;
      underWay -= 1;
    } else queue.delete(exchange);
    if (queue.size > 0) pump();
    if (closing && underWay === 0 && queue.size === 0) end();
  }

  /** Starts what waits, as far as connections have room; opens another one when none has. */
  function pump(): void {
    for (const exchange of queue) {
      if (underWay >= connections) return;
      const session = sessions.find((one) => one.hasRoom());
      if (!session) {
        if (!isConnecting && sessions.length < mostSessions) open();
        return;
      }
      queue.delete(exchange);
      underWay += 1;
      session.start(exchange);
    }
  }

  function open(): void {
    isConnecting = true;
    connect({ hostname, host, protocol, port }, (error, socket) => {
      if (!socket) return failed(notConnected(error ?? new Error("no connection"), host));
      if (isClosed) return void socket.destroy();
      if ("alpnProtocol" in socket && socket.alpnProtocol !== "h2") {
        socket.destroy();
        return failed({
          ...{ kind: "broken", at: "connection", code: "no_http2" },
          detail: `${host} does not speak HTTP/2`,
        });
      }
      const session = new Session(
        connectHttp2(origin, { createConnection: () => socket, maxSessionMemory: sessionMemoryMb }),
        {
          opened() {
            isConnecting = false;
            sessions.push(session);
            if (isClosed) session.close();
            else pump();
          },
          hasRoom: pump,
          closed() {
            const at = sessions.indexOf(session);
            if (at >= 0) {
              sessions.splice(at, 1);
              if (queue.size > 0) pump();
              return;
            }
            const code = session.fault ? codeOf(session.fault) : "connection";
            failed({
              ...{ kind: "broken", at: "connection", code },
              detail: `${host} closed the connection before it began (${code})`,
            });
          },
          left: () => {
            const at = sessions.indexOf(session);
            if (at >= 0) sessions.splice(at, 1);
          },
        },
      );
    });
  }

  /** There is no connection: whoever waits for one hears why, unless another one is at work. */
  function failed(broken: Broken): void {
    isConnecting = false;
    if (sessions.length > 0) return;
    for (const exchange of [...queue]) exchange.settle(broken);
  }

  function end(): void {
    clearInterval(pinging);
    isClosed = true;
    for (const session of sessions) session.close();
    closing?.();
    closing = null;
  }

  return {
    exchange: (request, signal) =>
      new Promise((resolve) => {
        const exchange = new Exchange(request, parts, resolve);
        if (closing || isClosed) return exchange.settle(afterTheEnd(host));
        waits.add(exchange, signal);
        if (exchange.isSettled) return;
        queue.add(exchange);
        pump();
      }),
    close: () =>
      new Promise((resolve) => {
        closing = resolve;
        if (underWay === 0 && queue.size === 0) end();
      }),
  };
}

interface Parts {
  host: string;
  timeoutMs: number;
  settled: (exchange: Exchange) => void;
}

/** One connection. It takes as many streams as the service says, and none after the service said goodbye. */
class Session {
  active = 0;
  /** Streams with a higher number were not looked at. */
  lastStreamId = Number.POSITIVE_INFINITY;
  fault: Error | null = null;
  readonly #http: ClientHttp2Session;
  #room = 0;
  #isAlive = true;
  #pong: NodeJS.Timeout | null = null;

  constructor(
    http: ClientHttp2Session,
    on: { opened: () => void; hasRoom: () => void; closed: () => void; left: () => void },
  ) {
    this.#http = http;
    let isOpened = false;
    const opening = setTimeout(() => http.destroy(), longestConnectMs).unref();
    // Not before: until then it is not known how many streams the service takes.
    http.on("remoteSettings", ({ maxConcurrentStreams }) => {
      this.#room = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      if (isOpened) return on.hasRoom();
      isOpened = true;
      clearTimeout(opening);
      on.opened();
    });
    http.on("goaway", (_, lastStreamId) => {
      this.lastStreamId = lastStreamId;
      this.#isAlive = false;
      on.left();
    });
    http.on("error", (error) => {
      this.fault = error;
    });
    http.on("close", () => {
      this.#isAlive = false;
      clearTimeout(opening);
      if (this.#pong) clearTimeout(this.#pong);
      on.closed();
    });
  }

  hasRoom(): boolean {
    return this.#isAlive && this.active < this.#room && !this.#http.closed;
  }

  start(exchange: Exchange): void {
    this.active += 1;
    exchange.begin(this, this.#http);
  }

  /** Asks whether anybody is there; a connection that says nothing is given up with all that is on it. */
  ping(): void {
    if (this.#pong || this.#http.destroyed) return;
    this.#pong = setTimeout(() => this.#http.destroy(), pongWithinMs).unref();
    this.#http.ping((error) => {
      if (this.#pong) clearTimeout(this.#pong);
      this.#pong = null;
      if (error && !this.#http.destroyed) this.#http.destroy();
    });
  }

  close(): void {
    this.#http.close();
    // Whoever does not say goodbye back is not waited for.
    this.#http.destroy();
  }
}

/** One request under way. What was given to a connection counts as written, unless the service says that it did not look. */
class Exchange implements Wait {
  isSettled = false;
  session: Session | null = null;
  readonly #request: Http2Request;
  readonly #parts: Parts;
  readonly #resolve: (exchanged: Exchanged) => void;
  #stream: ClientHttp2Stream | null = null;
  #headers: IncomingHttpHeaders | null = null;
  #body = "";

  constructor(request: Http2Request, parts: Parts, resolve: (exchanged: Exchanged) => void) {
    this.#request = request;
    this.#parts = parts;
    this.#resolve = resolve;
  }

  begin(session: Session, http: ClientHttp2Session): void {
    this.session = session;
    const { path, headers, body } = this.#request;
    let stream: ClientHttp2Stream;
    try {
      stream = http.request({ ":method": "POST", ":path": path, ...headers });
    } catch (error) {
      // Settled later: who starts it is still counting.
      queueMicrotask(() => this.settle(unmakeable(error as Error)));
      return;
    }
    this.#stream = stream;
    stream.setEncoding("utf8");
    stream.on("response", (answered, flags) => {
      this.#headers = answered;
      if (flags & constants.NGHTTP2_FLAG_END_STREAM) this.#answer("");
    });
    stream.on("data", (piece: string) => this.#take(piece));
    stream.on("end", () => {
      // A connection that breaks ends its streams as if all had come.
      if (this.#headers && !http.destroyed) this.#answer(this.#body);
    });
    stream.on("error", () => {});
    stream.on("close", () => this.#closed(stream));
    stream.end(body);
  }

  giveUp(why: "timeout" | "stopped"): void {
    const { session } = this;
    const stream = this.#stream;
    this.#breakOff(givenUp(why, { ...this.#parts, isWritten: session !== null }));
    stream?.close(constants.NGHTTP2_CANCEL);
    // It may be the connection that is dead, and every other message on it would find that out by itself.
    if (why === "timeout") session?.ping();
  }

  settle(exchanged: Exchanged): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#parts.settled(this);
    this.#resolve(exchanged);
  }

  #take(piece: string): void {
    this.#body += piece;
    if (this.#body.length <= longestAnswer) return;
    this.#answer(null);
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #closed(stream: ClientHttp2Stream): void {
    if (this.isSettled) return;
    const { host } = this.#parts;
    const wasLookedAt =
      stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM &&
      (stream.id ?? 0) <= (this.session?.lastStreamId ?? 0) &&
      !stream.pending;
    this.#breakOff(
      wasLookedAt
        ? {
            ...{ kind: "broken", at: "answer", code: codeOfStream(stream) },
            detail: `${host} closed the connection before its answer was complete (${codeOfStream(stream)})`,
          }
        : {
            ...{ kind: "broken", at: "connection", code: "goaway" },
            detail: `${host} closed the connection without a look at the message`,
          },
    );
  }

  /** It ended before the end: by a status that says it failed, that is what became of it. */
  #breakOff(broken: Broken): void {
    if (statusOf(this.#headers) >= 300) this.#answer(null);
    else this.settle(broken);
  }

  #answer(body: string | null): void {
    const headers = this.#headers ?? {};
    this.settle({ kind: "answered", status: statusOf(headers), headers, body });
  }
}

/** 0 where there is no answer yet. */
const statusOf = (headers: IncomingHttpHeaders | null): number => Number(headers?.[":status"] ?? 0);

const afterTheEnd = (host: string): Broken => ({
  ...{ kind: "broken", at: "connection", code: "closed" },
  detail: `The connections to ${host} are closed already`,
});

const unmakeable = (error: Error): Broken => ({
  ...{ kind: "broken", at: "request", code: codeOf(error) },
  detail: `The request cannot be made: ${error.message}`,
});

/** RFC 9113 §7; 0 where the connection itself broke. */
const codeOfStream = ({ rstCode }: ClientHttp2Stream): string => (rstCode ? `h2_${rstCode}` : "closed");
