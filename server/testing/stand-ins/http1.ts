import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { type Fault, readBody, type SeenRequest } from "./faults.ts";
import { listen } from "./listen.ts";
import { createLog, type StandIn, type StandInOptions } from "./log.ts";
import { type Reply, replyOfFault, type Wire } from "./wire.ts";

export interface Http1Wire extends Wire {
  /** What the bytes of a body say; without it they are UTF-8. */
  textOf?(bytes: Buffer, request: { url: string; headers: IncomingHttpHeaders }): string;
  /** Told of a request that gets no good answer: a service may have taken it all the same. */
  onFault?(request: SeenRequest, fault: Fault): void;
}

/** Starts a service on a free port of this machine, over HTTP/1.1. */
export async function startHttp1StandIn(options: StandInOptions, wire: Http1Wire): Promise<StandIn> {
  const log = createLog(options);
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  const reply = (response: ServerResponse, request: SeenRequest, { status, headers, body }: Reply) => {
    if (status >= 200 && status < 300) {
      const delivery = wire.deliveryOf(request);
      if (delivery !== null) log.accept(delivery);
    }
    log.answered(request, status);
    response.writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
  };

  const answer = (response: ServerResponse, request: SeenRequest, fault: Fault | null) => {
    if (fault) {
      wire.onFault?.(request, fault);
      return misbehave(response, request, fault);
    }
    const given = wire.answer(request);
    if (!given) return log.answered(request, null);
    if (given.afterMs) later(given.afterMs, () => reply(response, request, given));
    else reply(response, request, given);
  };

  const misbehave = (response: ServerResponse, request: SeenRequest, fault: Fault) => {
    switch (fault.kind) {
      case "status":
      case "throttle":
      case "gone":
        reply(response, request, replyOfFault(wire, request, fault));
        return;
      case "brokenJson":
        log.answered(request, wire.brokenJson.status);
        response.writeHead(wire.brokenJson.status, { "content-type": "application/json" });
        response.end(wire.brokenJson.body);
        return;
      case "hang":
        break;
      case "closeBefore":
      case "closeAfter":
      case "goaway":
        response.socket?.destroy();
        break;
      case "closeHalfway":
        response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
        response.write('{"ok":tr', () => response.socket?.destroy());
        break;
      case "trickle": {
        response.writeHead(200, { "content-type": "application/json", "content-length": 1_000_000 });
        const timer = setInterval(() => response.write(" "), fault.everyMs);
        timers.add(timer);
        response.once("close", () => {
          clearInterval(timer);
          timers.delete(timer);
        });
        break;
      }
      default:
        fault satisfies never;
    }
    log.answered(request, null);
  };

  const server = createServer((incoming, response) => {
    log.begin();
    response.once("close", () => log.end());
    const { url = "", method = "", headers } = incoming;
    if (log.closesBefore()) return void incoming.socket.destroy();
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const bytes = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      const text = wire.textOf ? wire.textOf(bytes, { url, headers }) : bytes.toString("utf8");
      const request = log.read(
        (number) => ({ number, method, url, headers, text, body: readBody(text, headers["content-type"]) }),
        wire.deliveryOf,
      );
      const fault = log.faultFor(request);
      const delayMs = log.delayMs();
      if (delayMs === 0) answer(response, request, fault);
      else later(delayMs, () => answer(response, request, fault));
    });
    incoming.on("error", () => {});
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, options.port ?? 0);

  return {
    ...log.shown,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
