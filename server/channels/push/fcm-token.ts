import type { Outcome } from "../provider.ts";
import { createRedactor, secretLines } from "../redact.ts";
import { retryAfterMs } from "../retry-after.ts";
import { type Answer, type Exchanged, outcomeOfBroken } from "../transport/exchange.ts";
import type { Http1 } from "../transport/http1.ts";
import type { ServiceAccount } from "./fcm-config.ts";
import { signJwt } from "./jwt.ts";

/** Access tokens of a service account, one at a time. */
export interface AccessTokens {
  /** The token to send with, or null when one has to be asked for. */
  current(): string | null;
  /** Asks for a new one: once, however many wait for it. What goes wrong is what becomes of the messages. */
  renew(signal: AbortSignal): Promise<string | Outcome>;
  /** A service does not take this one: it is not used again. */
  refuse(token: string): void;
}

const scope = "https://www.googleapis.com/auth/firebase.messaging";
/** The longest that Google allows. */
const assertionSeconds = 3_600;
/** Before its end, so that no message is under way with one that ends. */
const earlyMs = 5 * 60_000;

/** Source: https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
export function createAccessTokens(
  account: ServiceAccount,
  { http, tokenUrl }: { http: Http1; tokenUrl: string },
): AccessTokens {
  const { origin, host, pathname, search } = new URL(tokenUrl);
  let known: { token: string; untilMs: number } | null = null;
  let renewing: Promise<string | Outcome> | null = null;

  async function ask(signal: AbortSignal): Promise<string | Outcome> {
    const nowMs = Date.now();
    const iat = Math.floor(nowMs / 1000);
    const assertion = signJwt(account.privateKey, account.privateKeyId, {
      ...{ iss: account.clientEmail, scope, aud: tokenUrl },
      ...{ iat, exp: iat + assertionSeconds },
    });
    const redact = createRedactor([assertion, secretLines(account.privateKeyText)]);
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion,
    }).toString();
    const headers = ["content-type", "application/x-www-form-urlencoded"];
    const exchanged = await http.exchange(
      { origin, method: "POST", path: pathname + search, headers, body },
      signal,
    );
    const read = readToken(exchanged, { host, redact });
    if ("kind" in read) return read;
    const lifeMs = read.seconds * 1000;
    // One that ends soon is used for half of its time rather than asked for with each message.
    known = { token: read.token, untilMs: nowMs + Math.max(lifeMs - earlyMs, lifeMs / 2) };
    return read.token;
  }

  return {
    current: () => (known && known.untilMs > Date.now() ? known.token : null),
    renew(signal) {
      renewing ??= ask(signal).finally(() => {
        renewing = null;
      });
      return renewing;
    },
    refuse(token) {
      if (known?.token === token) known = null;
    },
  };
}

/** The token in an answer, or what its lack means for a message: nothing of that was written yet. */
function readToken(
  exchanged: Exchanged,
  { host, redact }: { host: string; redact: (text: string) => string },
): { token: string; seconds: number } | Outcome {
  if (exchanged.kind === "broken") {
    const outcome = outcomeOfBroken(exchanged, redact);
    return outcome.kind === "unknown" ? { ...outcome, kind: "retry" } : outcome;
  }
  const json = parsed(exchanged);
  const { status, headers } = exchanged;
  if (status === 200 && typeof json.access_token === "string" && json.access_token !== "")
    return { token: json.access_token, seconds: Number(json.expires_in) || assertionSeconds };
  const words = [json.error, json.error_description].filter((text) => typeof text === "string").join(": ");
  const said = `${host} answered ${status}${words && `: ${words}`} when asked for an access token`;
  const code = redact(typeof json.error === "string" ? json.error : `http_${status}`).slice(0, 64);
  const detail = redact(said).slice(0, 400);
  const afterMs = retryAfterMs(headers["retry-after"], Date.now());
  const later = afterMs === undefined ? {} : { afterMs };
  if (status === 429) return { kind: "throttle", code, detail, ...later };
  if (status === 408 || status >= 500 || status === 200) return { kind: "retry", code, detail, ...later };
  return { kind: "misconfigured", code, detail: `${detail}. ${cureOf(json.error)}` };
}

function cureOf(error: unknown): string {
  if (error === "invalid_grant")
    return "The key was deleted, the service account is gone, or the clock of this machine is wrong.";
  if (error === "invalid_scope" || error === "access_denied")
    return "The service account may not send messages; give it the role Firebase Cloud Messaging API Admin.";
  return "Make a new key in the Firebase console and paste the whole file.";
}

function parsed({ body }: Answer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body ?? "");
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
