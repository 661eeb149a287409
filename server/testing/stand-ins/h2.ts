import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { type Fault, readJson, type SeenRequest } from "./faults.ts";
import { listen } from "./listen.ts";
import { createLog, type StandIn, type StandInOptions } from "./log.ts";
import { type Reply, replyOfFault, type Wire } from "./wire.ts";

export interface H2Options extends StandInOptions {
  /** Streams that it takes at once on a connection. */
  maxConcurrentStreams?: number;
}

export interface H2StandIn extends StandIn {
  /** Connections that are open. */
  connections(): number;
  /** Says goodbye to all of them, and goes on with what is under way. */
  goAway(): void;
  /** As the service does after it has seen a token. */
  allowStreams(maxConcurrentStreams: number): void;
}

/** Starts it on a free port of this machine, without encryption: clients know beforehand that it speaks HTTP/2. */
export async function startH2StandIn(options: H2Options, wire: Wire): Promise<H2StandIn> {
  const log = createLog(options);
  const sessions = new Set<ServerHttp2Session>();
  /** Connections that were said goodbye to, and the last stream that is looked at. */
  const lastStreams = new WeakMap<object, number>();
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  const server = createServer({
    settings: { maxConcurrentStreams: options.maxConcurrentStreams ?? 100 },
    maxSessionMemory: 64,
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => {});
  });

  const reply = (stream: ServerHttp2Stream, request: SeenRequest, { status, headers, body }: Reply) => {
    if (stream.destroyed) return;
    const sent = { ":status": status, ...headers };
    if (status === 200) {
      const delivery = wire.deliveryOf(request);
      if (delivery !== null) log.accept(delivery);
    }
    log.answered(request, status);
    if (body === "") stream.respond(sent, { endStream: true });
    else {
      stream.respond(sent);
      stream.end(body);
    }
  };

  const answer = (stream: ServerHttp2Stream, request: SeenRequest, fault: Fault | null) => {
    if (fault) return misbehave(stream, request, fault);
    const given = wire.answer(request);
    if (!given) return log.answered(request, null);
    if (given.afterMs) later(given.afterMs, () => reply(stream, request, given));
    else reply(stream, request, given);
  };

  const misbehave = (stream: ServerHttp2Stream, request: SeenRequest, fault: Fault) => {
    const { session } = stream;
    switch (fault.kind) {
      case "status":
      case "throttle":
      case "gone":
        reply(stream, request, replyOfFault(wire, request, fault));
        return;
      case "brokenJson":
        reply(stream, request, wire.brokenJson);
        return;
      case "hang":
        break;
      case "closeBefore":
      case "closeAfter":
        session?.destroy();
        break;
      case "closeHalfway":
        stream.respond({ ":status": 200, "content-length": "100" });
        stream.write('{"na', () => session?.destroy());
        break;
      case "goaway": {
        if (!session) break;
        // It has looked at those before this one only. Of the first one node cannot say so in the goodbye itself.
        const last = (stream.id ?? 1) - 2;
        if (last < 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
        lastStreams.set(session, last);
        session.goaway(constants.NGHTTP2_NO_ERROR, Math.max(last, 0));
        break;
      }
      case "trickle": {
        stream.respond({ ":status": 200 });
        const timer = setInterval(() => stream.write(" "), fault.everyMs);
        timers.add(timer);
        stream.once("close", () => {
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

  server.on("stream", (stream, headers) => {
    log.begin();
    stream.on("close", () => log.end());
    stream.on("error", () => {});
    if (log.closesBefore()) return stream.session?.destroy();
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece: string) => {
      text += piece;
    });
    stream.on("end", () => {
      const last = stream.session && lastStreams.get(stream.session);
      if (last !== undefined && last !== null && (stream.id ?? 0) > last) return;
      const request = log.read(
        (number) => ({
          ...{ number, method: String(headers[":method"]), url: String(headers[":path"]), headers, text },
          body: readJson(text),
        }),
        wire.deliveryOf,
      );
      const fault = log.faultFor(request);
      const delayMs = log.delayMs();
      if (delayMs === 0) answer(stream, request, fault);
      else later(delayMs, () => answer(stream, request, fault));
    });
  });
  const port = await listen(server, options.port ?? 0);

  return {
    ...log.shown,
    url: `http://127.0.0.1:${port}`,
    connections: () => sessions.size,
    goAway() {
      for (const session of sessions) session.close();
    },
    allowStreams(maxConcurrentStreams) {
      for (const session of sessions) session.settings({ maxConcurrentStreams });
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}
