import type { Outcome } from "../provider.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { Answer } from "../transport/exchange.ts";

/** `rest`: the whole push service takes nothing for that long. */
export type WebpushAnswer = Outcome | { kind: "rest"; code: string; detail: string; afterMs: number };

const restMs = 60_000;

/**
 * What an answer of a push service means (RFC 8030 §5, RFC 8292 §4.2). Each vendor words its errors in its own way:
 * Mozilla in JSON with `errno` and `message`, Apple with `reason`, Google in plain text.
 */
export function readWebpushAnswer(
  { status, headers, body }: Answer,
  { host, redact, nowMs }: { host: string; redact: (text: string) => string; nowMs: number },
): WebpushAnswer {
  if (status >= 200 && status < 300) {
    const { location } = headers;
    return { kind: "accepted", providerId: location ? location.slice(0, 512) : null };
  }
  const { code: said, words } = readError(body);
  const code = redact(said ?? `http_${status}`).slice(0, 64);
  const fault = { code, detail: redact(`${host} answered ${status}${words && `: ${words}`}`).slice(0, 400) };
  const afterMs = retryAfterMs(headers["retry-after"], nowMs);
  if (status === 404 || status === 410) return { kind: "gone", cause: "unregistered", ...fault };
  if (status === 401 || status === 403)
    return isOfAnotherKey(said, words)
      ? { kind: "gone", cause: "invalid", ...fault }
      : {
          ...{ kind: "misconfigured", code },
          detail: `${fault.detail}. Check the keys and the subject of the account, and the clock of this machine.`,
        };
  if (status === 429) return { kind: "rest", ...fault, afterMs: afterMs || restMs };
  // A gateway gave up waiting: what stands behind it may have taken the message.
  if (status === 504) return { kind: "unknown", ...fault };
  if (status === 408 || status >= 500)
    return { kind: "retry", ...fault, ...(afterMs === undefined ? {} : { afterMs }) };
  return { kind: "rejected", ...fault };
}

/** The browser subscribed with another public key: this subscription is of no use, the account may be in order. */
const isOfAnotherKey = (code: string | null, words: string): boolean =>
  code === "VapidPkHashMismatch" ||
  /public key mismatch|do not correspond to the credentials used to create the subscription/i.test(words);

function readError(body: string | null): { code: string | null; words: string } {
  const text = (body ?? "").slice(0, 1000);
  try {
    const { errno, message, error, reason } = JSON.parse(text) as Record<string, unknown>;
    const words = [message, reason, error].find((word) => typeof word === "string" && word !== "");
    return {
      code: typeof reason === "string" ? reason : typeof errno === "number" ? `errno_${errno}` : null,
      words: String(words ?? ""),
    };
  } catch {
    return { code: null, words: text.replace(/\s+/g, " ").trim().slice(0, 200) };
  }
}
