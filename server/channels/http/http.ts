import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { type Dispatcher, Pool } from "undici";
import { connectOutside, PrivateAddressError } from "../outside.ts";
import type { CheckResult, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { type Answer, createAnswerReader } from "./answer.ts";
import { HttpConfig } from "./config.ts";
import { parseHttpReceipts } from "./receipts.ts";
import { compileTemplates, type FilledRequest, originOf } from "./templates.ts";

/** Longest answer that is read, in bytes. */
const longestAnswer = 256 * 1024;

/** Any service that takes a message as one HTTP request: what it looks like is up to the account. */
export const httpProvider: Provider<HttpConfig> = {
  name: "http",
  channels: ["push", "email", "sms", "whatsapp"],
  tokenServices: null,
  config: HttpConfig,
  secrets: ["headers", "secrets", "receiptsSecret"],
  destinationOf: (config) => originOf(config.url),
  isRepeatSafe: (config, channel) => config.isRepeatSafe ?? (channel === "push" || channel === "email"),
  echoesDeliveryId: (config) => config.receipts?.subject !== "providerId",
  open: openSender,
  parseReceipts: parseHttpReceipts,
};

function openSender(config: HttpConfig, outside: Outside, { connections }: { connections: number }): Sender {
  const origin = originOf(config.url) ?? "";
  const connect = connectOutside(outside, { timeoutMs: Math.min(config.timeoutMs, 10_000) });
  const pool = new Pool(origin, {
    ...{ connect, connections, pipelining: 1 },
    // The whole exchange has one limit of time, which is ours.
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
  const fill = compileTemplates({ ...config, headers: { "user-agent": "Chapar", ...config.headers } });
  const redact = createRedactor([
    ...Object.values(config.headers),
    ...Object.values(config.secrets),
    ...(config.receiptsSecret ? [config.receiptsSecret] : []),
  ]);
  const { host, hostname, port, protocol } = new URL(origin);
  const readAnswer = createAnswerReader(config, { host, redact });
  const exchange = { pool, method: config.method, timeoutMs: config.timeoutMs, host, redact, readAnswer };

  return {
    async send(message, signal) {
      const filled = fill(message);
      if (filled.ok) return send(exchange, filled.value, signal);
      return {
        kind: "rejected",
        code: "template",
        detail: redact(`The request cannot be made: ${filled.detail}`),
      };
    },

    check: (signal) =>
      new Promise<CheckResult>((resolve) => {
        if (signal.aborted) return resolve({ ok: false, detail: "The check was given up." });
        connect({ hostname, host, protocol, port }, (error, socket) => {
          if (!socket) return resolve({ ok: false, detail: `${sentenceOf(error, host)}.` });
          endQuietly(socket);
          const how = protocol === "https:" ? " and its certificate is good" : ", without encryption";
          resolve({
            ok: true,
            detail: `${host} can be reached${how}. Nothing was sent, so whether it takes the credentials is not known.`,
          });
        });
      }),

    close: () => pool.close(),
  };
}

interface Exchange {
  pool: Pool;
  method: HttpConfig["method"];
  timeoutMs: number;
  host: string;
  redact: (text: string) => string;
  readAnswer: (answer: Answer, nowMs: number) => Outcome;
}

/** One request and its answer, within the time. What was not written yet may be sent again; what was is `unknown`. */
function send(exchange: Exchange, request: FilledRequest, signal: AbortSignal): Promise<Outcome> {
  const { host } = exchange;
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    let isSettled = false;
    const pieces: Buffer[] = [];

    const settle = (outcome: Outcome) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      resolve(outcome);
    };
    /** It ended before the end: by a status that says it failed, that is what became of it. */
    const settleBroken = (code: string, detail: string) => {
      // Below 200 it is only a word on the way.
      if (status >= 300) return settle(exchange.readAnswer({ status, headers, body: null }, Date.now()));
      settle({ kind: controller ? "unknown" : "retry", code, detail: exchange.redact(detail) });
    };
    const stop = (code: string, detail: string) => {
      settleBroken(code, detail);
      controller?.abort(new Error(code));
    };
    const timer = setTimeout(
      () => stop("timeout", `${host} did not answer within ${exchange.timeoutMs} ms`),
      exchange.timeoutMs,
    );
    const giveUp = () => stop("stopped", `Waiting for ${host} was given up, since this process ends`);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp);

    exchange.pool.dispatch(
      { path: request.path, method: exchange.method, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          // The time was over before there was a connection: nothing is written.
          if (isSettled) started.abort(new Error("given up"));
          else controller = started;
        },
        onResponseStart(_, answered, answeredHeaders) {
          status = answered;
          headers = answeredHeaders;
        },
        onResponseData(_, piece) {
          size += piece.length;
          if (size <= longestAnswer) pieces.push(piece);
          else {
            settle(exchange.readAnswer({ status, headers, body: null }, Date.now()));
            controller?.abort(new Error("answer too long"));
          }
        },
        onResponseEnd() {
          const body = pieces.length === 1 ? String(pieces[0]) : Buffer.concat(pieces).toString("utf8");
          settle(exchange.readAnswer({ status, headers, body }, Date.now()));
        },
        onResponseError(_, error) {
          if (isSettled) return;
          const code = codeOf(error);
          if (error instanceof PrivateAddressError)
            return settle({ kind: "misconfigured", code, detail: error.message });
          if (code === "UND_ERR_INVALID_ARG")
            return settle({
              kind: "rejected",
              code: "request",
              detail: exchange.redact(`The request cannot be made: ${error.message}`),
            });
          settleBroken(
            code,
            controller
              ? `${host} closed the connection before its answer was complete (${code})`
              : sentenceOf(error, host),
          );
        },
      },
    );
  });
}

const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code.slice(0, 64) : "connection";
};

/** Why there is no connection, in words. */
function sentenceOf(error: Error | null, host: string): string {
  if (error instanceof PrivateAddressError) return error.message;
  const code = codeOf(error);
  if (code === "ENOTFOUND") return `There is no host ${host}`;
  if (code === "EAI_AGAIN") return `The name ${host} could not be looked up just now`;
  if (code === "ECONNREFUSED") return `${host} refuses connections`;
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT")
    return `${host} cannot be reached: no connection in time`;
  if (/^(ERR_TLS|CERT|DEPTH|SELF_SIGNED|UNABLE|ERR_SSL|EPROTO)/.test(code))
    return `${host} has no certificate that can be trusted (${code})`;
  return `${host} cannot be reached (${code})`;
}

function endQuietly(socket: Socket): void {
  socket.on("error", () => {});
  socket.destroy();
}
