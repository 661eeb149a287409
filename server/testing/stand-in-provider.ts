import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the stand-in treats one request. Without a fault it answers 200 with an id. */
export type Fault =
  /** Answers with this status; `body` is sent as JSON, or as it is when it is a text. */
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> }
  /** 429, with Retry-After as seconds, as a date, or without it. */
  | { kind: "throttle"; retryAfter?: number | Date }
  /** 410: the address is dead. */
  | { kind: "gone" }
  /** Reads the request and never answers. */
  | { kind: "hang" }
  /** Closes the connection once the head of the request is there; out of a function, once all of it is. */
  | { kind: "closeBefore" }
  /** Closes it when all was read, without an answer. */
  | { kind: "closeAfter" }
  /** Closes it in the middle of the answer. */
  | { kind: "closeHalfway" }
  /** 200 with JSON that breaks off. */
  | { kind: "brokenJson" }
  /** 200, and a byte of the answer now and then, without an end. */
  | { kind: "trickle"; everyMs: number };

/** What a request says: its JSON as far as it is known, headers, and which one it is from 1. */
interface SeenRequest {
  number: number;
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  text: string;
  /** Of a body in JSON: deliveryId, to and whatever else; empty for another. */
  body: Record<string, unknown>;
}

export type FaultPlan = (request: SeenRequest) => Fault | null;

/** Shares of requests, from 0 to 1, that go wrong in a way; together at most 1. */
export type FaultRates = Partial<
  Record<"throttle" | "error" | "hang" | "closeAfter" | "brokenJson" | "gone", number>
>;

const faultOf: Record<keyof FaultRates, Fault> = {
  throttle: { kind: "throttle", retryAfter: 1 },
  error: { kind: "status", status: 500, body: { error: "internal" } },
  hang: { kind: "hang" },
  closeAfter: { kind: "closeAfter" },
  brokenJson: { kind: "brokenJson" },
  gone: { kind: "gone" },
};

/** A plan that makes each fault as often as its rate says. `random` is in [0, 1). */
export function faultsAtRates(rates: FaultRates, random: () => number): FaultPlan {
  const kinds = Object.keys(faultOf) as (keyof FaultRates)[];
  return () => {
    let rest = random();
    for (const kind of kinds) {
      rest -= rates[kind] ?? 0;
      if (rest < 0) return faultOf[kind];
    }
    return null;
  };
}

/** A report as the stand-in words it. */
interface StandInReceipt {
  deliveryId: string;
  /** What it called the message; looked up when it is left out. */
  id?: string;
  status: string;
  /** ISO 8601. */
  at?: string;
  code?: string;
  detail?: string;
}

/** A service that takes messages over HTTP, and misbehaves on demand. */
export interface StandInProvider {
  readonly url: string;
  /** Requests that it has read as a whole. */
  requests(): number;
  /** How often each delivery id was accepted, that is answered with 200. */
  readonly accepted: ReadonlyMap<string, number>;
  /** How often each delivery id was read, whatever became of it. */
  readonly seen: ReadonlyMap<string, number>;
  /** The most requests that were under way at once. */
  mostAtOnce(): number;
  /** The last request that it has read. */
  last(): SeenRequest | null;
  /** When each of the first requests came, in ms of the epoch; only with `keepTimes`. */
  readonly times: readonly number[];
  /** How it goes on: every request alike, by a function that is asked once each, or well. */
  plan(plan: FaultPlan | Fault | null): void;
  /** Milliseconds before each answer. */
  delay(ms: number): void;
  /** Posts reports, as one list or one by one; with a secret it signs them in `x-signature`. Answers the last status. */
  report(
    url: string,
    receipts: readonly StandInReceipt[],
    options?: { secret?: string; asList?: boolean },
  ): Promise<number>;
  stop(): Promise<void>;
}

export interface StandInOptions {
  plan?: FaultPlan | Fault;
  delayMs?: number;
  keepTimes?: boolean;
  port?: number;
}

/** Starts it on a free port of this machine. */
export async function startStandInProvider(options: StandInOptions = {}): Promise<StandInProvider> {
  let plan: FaultPlan | Fault | null = options.plan ?? null;
  let delayMs = options.delayMs ?? 0;
  let requests = 0;
  let underWay = 0;
  let mostAtOnce = 0;
  let last: SeenRequest | null = null;
  const times: number[] = [];
  const seen = new Map<string, number>();
  const accepted = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  const idOf = (deliveryId: string) => `m-${deliveryId}`;

  const answer = (response: ServerResponse, request: SeenRequest, fault: Fault | null) => {
    const deliveryId = deliveryIdOf(request);
    if (fault === null) {
      if (deliveryId !== null) count(accepted, deliveryId);
      const body = `{"ok":true,"id":"${idOf(deliveryId ?? String(request.number))}"}`;
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    } else misbehave(response, fault, timers);
  };

  const server = createServer((incoming, response) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.once("close", () => {
      underWay -= 1;
    });
    const number = requests + 1;
    const read = (text: string): SeenRequest => ({
      ...{ number, method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, text },
      body: readJson(text),
    });
    const pieces: Buffer[] = [];
    if (typeof plan === "object" && plan?.kind === "closeBefore") return void incoming.socket.destroy();
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      requests += 1;
      const request = read(pieces.length === 1 ? String(pieces[0]) : Buffer.concat(pieces).toString("utf8"));
      last = request;
      if (options.keepTimes) times.push(Date.now());
      const deliveryId = deliveryIdOf(request);
      if (deliveryId !== null) count(seen, deliveryId);
      const fault = typeof plan === "function" ? plan(request) : plan;
      if (delayMs === 0) return answer(response, request, fault);
      const timer = setTimeout(() => {
        timers.delete(timer);
        answer(response, request, fault);
      }, delayMs);
      timers.add(timer);
    });
    incoming.on("error", () => {});
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/messages`,
    ...{ seen, accepted, times },
    requests: () => requests,
    mostAtOnce: () => mostAtOnce,
    last: () => last,
    plan: (next) => {
      plan = next;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    async report(url, receipts, { secret, asList = true } = {}) {
      const reports = receipts.map((receipt) => ({ id: idOf(receipt.deliveryId), ...receipt }));
      let status = 0;
      for (const body of (asList ? [{ reports }] : reports).map((report) => JSON.stringify(report))) {
        const signature = secret && createHmac("sha256", secret).update(body).digest("hex");
        const headers = {
          "content-type": "application/json",
          ...(signature ? { "x-signature": signature } : {}),
        };
        const response = await fetch(url, { method: "POST", headers, body });
        await response.arrayBuffer();
        status = response.status;
      }
      return status;
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(response: ServerResponse, fault: Fault, timers: Set<NodeJS.Timeout>): void {
  const json = { "content-type": "application/json" };
  switch (fault.kind) {
    case "status": {
      const { body = { error: `status ${fault.status}` } } = fault;
      response.writeHead(fault.status, { ...json, ...fault.headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
      return;
    }
    case "throttle": {
      const { retryAfter } = fault;
      const after = retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString();
      response.writeHead(429, { ...json, ...(after === undefined ? {} : { "retry-after": after }) });
      response.end('{"error":"too many requests"}');
      return;
    }
    case "gone":
      response.writeHead(410, json);
      response.end('{"error":"unregistered"}');
      return;
    case "hang":
      return;
    case "closeBefore":
    case "closeAfter":
      response.socket?.destroy();
      return;
    case "closeHalfway":
      response.writeHead(200, { ...json, "content-length": 100 });
      response.write('{"ok":tr', () => response.socket?.destroy());
      return;
    case "brokenJson":
      response.writeHead(200, json);
      response.end('{"ok":true,"id":"m-');
      return;
    case "trickle": {
      response.writeHead(200, { ...json, "content-length": 1_000_000 });
      const timer = setInterval(() => response.write(" "), fault.everyMs);
      timers.add(timer);
      response.once("close", () => {
        clearInterval(timer);
        timers.delete(timer);
      });
      return;
    }
    default:
      fault satisfies never;
  }
}

/** In the body, or in the header x-delivery-id; null when the request does not say. */
function deliveryIdOf({ body, headers }: SeenRequest): string | null {
  const id = body.deliveryId ?? headers["x-delivery-id"];
  return typeof id === "string" ? id : null;
}

const count = (counts: Map<string, number>, id: string): void =>
  void counts.set(id, (counts.get(id) ?? 0) + 1);

function readJson(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
