import { createHmac } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fault, readJson, type SeenRequest, textOfRetryAfter } from "./stand-ins/faults.ts";
import { createLog, type StandIn, type StandInOptions } from "./stand-ins/log.ts";

export { type Fault, type FaultPlan, type FaultRates, faultsAtRates } from "./stand-ins/faults.ts";
export type { StandInOptions } from "./stand-ins/log.ts";

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
export interface StandInProvider extends StandIn {
  /** Posts reports, as one list or one by one; with a secret it signs them in `x-signature`. Answers the last status. */
  report(
    url: string,
    receipts: readonly StandInReceipt[],
    options?: { secret?: string; asList?: boolean },
  ): Promise<number>;
}

/** Starts it on a free port of this machine. */
export async function startStandInProvider(options: StandInOptions = {}): Promise<StandInProvider> {
  const log = createLog(options);
  const timers = new Set<NodeJS.Timeout>();
  const idOf = (deliveryId: string) => `m-${deliveryId}`;

  const answer = (response: ServerResponse, request: SeenRequest, fault: Fault | null) => {
    const deliveryId = deliveryIdOf(request);
    if (fault === null) {
      if (deliveryId !== null) log.accept(deliveryId);
      const body = `{"ok":true,"id":"${idOf(deliveryId ?? String(request.number))}"}`;
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    } else misbehave(response, fault, timers);
    log.answered(request, response.headersSent ? response.statusCode : null);
  };

  const server = createServer((incoming, response) => {
    log.begin();
    response.once("close", () => log.end());
    const read = (text: string, number: number): SeenRequest => ({
      ...{ number, method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, text },
      body: readJson(text),
    });
    const pieces: Buffer[] = [];
    if (log.closesBefore()) return void incoming.socket.destroy();
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const text = pieces.length === 1 ? String(pieces[0]) : Buffer.concat(pieces).toString("utf8");
      const request = log.read((number) => read(text, number), deliveryIdOf);
      const fault = log.faultFor(request);
      const delayMs = log.delayMs();
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
    ...log.shown,
    url: `http://127.0.0.1:${port}/messages`,
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
      const after = textOfRetryAfter(fault.retryAfter);
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
    case "goaway":
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
