import type { IncomingHttpHeaders } from "node:http";
import { PrivateAddressError } from "../outside.ts";
import type { Outcome } from "../provider.ts";

/** Longest answer that is read, in bytes. */
export const longestAnswer = 256 * 1024;

/** What came back. `body` is null when it did not come as a whole or was too long. */
export interface Answer {
  kind: "answered";
  status: number;
  headers: IncomingHttpHeaders;
  body: string | null;
}

/**
 * Why there is no answer, and how far it came: the address is one that nothing may be sent to, the request cannot be
 * made, nothing of it was written, or it was written and may have been read.
 */
export interface Broken {
  kind: "broken";
  at: "address" | "request" | "connection" | "answer";
  /** At most 64 characters. */
  code: string;
  /** A sentence without its full stop. */
  detail: string;
}

export type Exchanged = Answer | Broken;

const meanings = {
  address: "misconfigured",
  request: "rejected",
  // Nothing of it was written, so it can be sent again as if nothing had been.
  connection: "retry",
  answer: "unknown",
} as const satisfies Record<Broken["at"], Outcome["kind"]>;

/** What an exchange without an answer means for a message, whatever it was sent by. */
export function outcomeOfBroken({ at, code, detail }: Broken, redact: (text: string) => string): Outcome {
  return { kind: meanings[at], code: at === "request" ? "request" : code, detail: redact(detail) };
}

/** The code of an error of the system or a library. */
export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code.slice(0, 64) : "connection";
}

/** Why there is no connection, in words. */
export function sentenceOf(error: Error | null, host: string): string {
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

/** An exchange for which there was no connection. */
export const notConnected = (error: Error, host: string): Broken => ({
  ...{ kind: "broken", at: error instanceof PrivateAddressError ? "address" : "connection" },
  ...{ code: codeOf(error), detail: sentenceOf(error, host) },
});

/** An exchange whose time was over, or that nobody waits for any more. */
export function givenUp(
  why: "timeout" | "stopped",
  { host, timeoutMs, isWritten }: { host: string; timeoutMs: number; isWritten: boolean },
): Broken {
  const detail =
    why === "timeout"
      ? `${host} did not answer within ${timeoutMs} ms`
      : `Waiting for ${host} was given up, since this process ends`;
  return { kind: "broken", at: isWritten ? "answer" : "connection", code: why, detail };
}
