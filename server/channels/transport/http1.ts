import type { IncomingHttpHeaders } from "node:http";
import { Agent, type Dispatcher } from "undici";
import { connectOutside, PrivateAddressError } from "../outside.ts";
import type { Outside } from "../provider.ts";
import {
  type Broken,
  codeOf,
  type Exchanged,
  givenUp,
  longestAnswer,
  notConnected,
  sentenceOf,
} from "./exchange.ts";
import { createWaits, type Wait, type Waits } from "./waits.ts";

interface Http1Request {
  /** Scheme, host and port. */
  origin: string;
  method: "POST" | "GET" | "PUT";
  path: string;
  /** Names and values in turn. */
  headers: string[];
  body: string | Buffer | null;
}

/** HTTP/1.1 to public addresses; redirects are not followed. */
export interface Http1 {
  /** One request and its answer, within the time. Never throws. */
  exchange(request: Http1Request, signal: AbortSignal): Promise<Exchanged>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const longestConnectMs = 10_000;

/** `connections` are to each origin; the whole exchange has `timeoutMs`, from the connection to the end of the answer. */
export function openHttp1(
  outside: Outside,
  { connections, timeoutMs }: { connections: number; timeoutMs: number },
): Http1 {
  const agent = new Agent({
    connect: connectOutside(outside, { timeoutMs: Math.min(timeoutMs, longestConnectMs) }),
    ...{ connections, pipelining: 1 },
    // The whole exchange has one limit of time, which is ours.
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
  const waits = createWaits(timeoutMs);
  return {
    exchange: (request, signal) =>
      new Promise((resolve) => {
        const host = request.origin.slice(request.origin.indexOf("//") + 2);
        const exchange = new Exchange({ host, timeoutMs, waits, resolve });
        waits.add(exchange, signal);
        if (!exchange.isSettled) agent.dispatch(request, exchange);
      }),
    close: () => agent.close(),
  };
}

interface Waited {
  host: string;
  timeoutMs: number;
  waits: Waits;
  resolve: (exchanged: Exchanged) => void;
}

/** One request under way. What was not written yet may be sent again; what was may have been read. */
class Exchange implements Dispatcher.DispatchHandler, Wait {
  isSettled = false;
  readonly #waited: Waited;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #size = 0;
  #pieces: Buffer[] = [];

  constructor(waited: Waited) {
    this.#waited = waited;
  }

  giveUp(why: "timeout" | "stopped"): void {
    this.#breakOff(givenUp(why, { ...this.#waited, isWritten: this.#controller !== null }));
    this.#controller?.abort(new Error(why));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The time was over before there was a connection: nothing is written.
    if (this.isSettled) controller.abort(new Error("given up"));
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size <= longestAnswer) {
      this.#pieces.push(piece);
      return;
    }
    this.#answer(null);
    controller.abort(new Error("answer too long"));
  }

  onResponseEnd(): void {
    const [first, ...others] = this.#pieces;
    this.#answer(others.length === 0 ? String(first ?? "") : Buffer.concat(this.#pieces).toString("utf8"));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const { host } = this.#waited;
    const code = codeOf(error);
    if (error instanceof PrivateAddressError) this.#settle(notConnected(error, host));
    else if (code === "UND_ERR_INVALID_ARG")
      this.#settle({
        ...{ kind: "broken", at: "request", code },
        detail: `The request cannot be made: ${error.message}`,
      });
    else
      this.#breakOff(
        this.#controller
          ? {
              ...{ kind: "broken", at: "answer", code },
              detail: `${host} closed the connection before its answer was complete (${code})`,
            }
          : { kind: "broken", at: "connection", code, detail: sentenceOf(error, host) },
      );
  }

  /** It ended before the end: by a status that says it failed, that is what became of it. */
  #breakOff(broken: Broken): void {
    // Below 200 it is only a word on the way.
    if (this.#status >= 300) this.#answer(null);
    else this.#settle(broken);
  }

  #answer(body: string | null): void {
    this.#settle({ kind: "answered", status: this.#status, headers: this.#headers, body });
  }

  #settle(exchanged: Exchanged): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#waited.waits.delete(this);
    this.#waited.resolve(exchanged);
  }
}
