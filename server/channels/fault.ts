import type { Outcome } from "./provider.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Answer } from "./transport/exchange.ts";

/** An answer that says no, and what is known of it. */
export interface Refusal {
  answer: Answer;
  /** What sentences call the service. */
  host: string;
  redact: (text: string) => string;
  nowMs: number;
  /** The code of the service itself; empty where it gives none. */
  code: string;
  /** Its words. */
  words: string;
}

/** Makes the code and the sentence of outcomes of one refusal; `cure` says what to do about it. */
export function faultOf({ answer, host, redact, code, words }: Refusal): (cure?: string) => {
  code: string;
  detail: string;
} {
  const named = redact(code || `http_${answer.status}`).slice(0, 64);
  const said = redact(
    `${host} answered ${answer.status}${code && ` ${code}`}: ${words || "without words"}`,
  ).slice(0, 400);
  return (cure = "") => ({ code: named, detail: cure ? `${said.replace(/\.$/, "")}. ${cure}` : said });
}

/** How long to wait, as far as the service says; else `ms`, where there is one. */
export function laterOf({ answer, nowMs }: Refusal, ms?: number): { afterMs?: number } {
  const afterMs = retryAfterMs(answer.headers["retry-after"], nowMs) ?? ms;
  return afterMs === undefined ? {} : { afterMs };
}

/**
 * What a status means where the service gives no code that is known. `address` are the members of the account that
 * made the address of the request.
 */
export function outcomeOfStatus(refusal: Refusal, address: string): Outcome {
  const { status } = refusal.answer;
  const fault = faultOf(refusal);
  if (status === 429) return { kind: "throttle", ...fault(), ...laterOf(refusal) };
  if (status === 401 || status === 402 || status === 403)
    return { kind: "misconfigured", ...fault("Check the credentials of the account and its rights.") };
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return { kind: "misconfigured", ...fault(`Check ${address} of the account.`) };
  // A gateway gave up waiting, or something broke before the service had words for it: what stands behind it may have
  // taken the message. Of 503 a service or gateway says that it did not (RFC 9110 §15.6.4).
  const isItsOwn = refusal.code !== "" || refusal.words !== "";
  if (status === 504 || ((status === 500 || status === 502) && !isItsOwn))
    return { kind: "unknown", ...fault() };
  if (status === 408 || status >= 500) return { kind: "retry", ...fault(), ...laterOf(refusal) };
  return { kind: "rejected", ...fault() };
}
