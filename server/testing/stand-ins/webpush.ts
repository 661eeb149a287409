import { createECDH, createPublicKey, type ECDH, randomBytes } from "node:crypto";
import { decrypt } from "http_ece";
import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import { verifyJwt } from "./jwt.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import type { Reply } from "./wire.ts";

/** What a browser hands to its page: a subscription as it is kept. */
export interface StandInSubscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** A push service, and the browsers behind it. Endpoints say what becomes of a message; see {@link fateOf}. */
export interface WebpushStandIn extends StandIn {
  /**
   * A browser subscribes. `fate` is put into its endpoint; with `publicKey` it takes messages of that key only, as
   * browsers do.
   */
  subscribe(options?: { fate?: string; publicKey?: string }): StandInSubscription;
}

const longestTokenSeconds = 24 * 3_600;
/** RFC 8030 §7.2: services need not take more. */
const mostBytes = 4096;
const timesBusy = 2;

/**
 * What an endpoint asks for by the last part of its path: `dead` has unsubscribed (410), `unknown` never was (404),
 * `throttled` and `busy` are refused twice (429 and 503, each with Retry-After: 1), `broken` fails for ever, `silent`
 * gets no answer and `slow` one after 2 s. Any other is taken.
 */
const fateOf = (url: string): string | null =>
  /\/(dead|unknown|throttled|busy|broken|silent|slow)$/.exec(url)?.[1] ?? null;

interface Browser {
  ecdh: ECDH;
  auth: string;
  publicKey: string | null;
}

export async function startWebpushStandIn(options: StandInOptions = {}): Promise<WebpushStandIn> {
  const browsers = new Map<string, Browser>();
  /** Tokens that were found good, by the key that signed them. */
  const verified = new Set<string>();
  const refusals = new Map<string, number>();
  let origin = "";

  const answer = (request: SeenRequest): Reply | null => {
    const { method, url, headers, text } = request;
    if (method !== "POST") return mozilla(405, 405, "Method not allowed");
    const fate = fateOf(url);
    const browser = browsers.get(url);
    if (!browser && fate !== "unknown") return mozilla(404, 102, "Invalid endpoint");
    const refused = refusalOf(headers, browser?.publicKey ?? null, { origin, verified });
    if (refused) return refused;
    if (!/^\d+$/.test(String(headers.ttl ?? ""))) return mozilla(400, 111, "Missing TTL header");
    if (headers["content-encoding"] !== "aes128gcm") return mozilla(400, 110, "Unknown Content-Encoding");
    if (headers.topic !== undefined && !/^[\w-]{1,32}$/.test(String(headers.topic)))
      return mozilla(400, 113, "Invalid Topic header");
    if (!/^(very-low|low|normal|high)$/.test(String(headers.urgency ?? "normal")))
      return mozilla(400, 114, "Invalid Urgency header");
    if (Number(headers["content-length"]) > mostBytes) return mozilla(413, 104, "Data payload too large");
    if (text === "") return mozilla(400, 110, "The message cannot be decrypted");
    const taken = { status: 201, headers: { location: `${origin}/m/${request.number}` }, body: "" };
    switch (fate) {
      case "dead":
        return mozilla(410, 106, "The subscription was removed");
      case "unknown":
        return mozilla(404, 102, "Invalid endpoint");
      case "throttled":
      case "busy": {
        const times = refusals.get(url) ?? 0;
        if (times >= timesBusy) return taken;
        refusals.set(url, times + 1);
        const reply = fate === "busy" ? failureOf(503) : failureOf(429);
        return { ...reply, headers: { "retry-after": "1" } };
      }
      case "broken":
        return failureOf(500);
      case "silent":
        return null;
      case "slow":
        return { ...taken, afterMs: 2_000 };
      default:
        return taken;
    }
  };

  const standIn = await startHttp1StandIn(options, {
    textOf(bytes, { url }) {
      const browser = browsers.get(url);
      if (!browser) return "";
      try {
        const { ecdh: privateKey, auth: authSecret } = browser;
        return decrypt(bytes, { version: "aes128gcm", privateKey, authSecret }).toString("utf8");
      } catch {
        return "";
      }
    },
    deliveryOf: ({ url, body }) =>
      typeof body.messageId === "string" ? `${body.messageId} ${origin}${url}` : null,
    answer,
    failure: (_, status) =>
      status === "gone" ? mozilla(410, 106, "The subscription was removed") : failureOf(status),
    // Nothing is read of what was taken.
    brokenJson: { status: 201, body: '{"' },
  });
  origin = standIn.url;

  return {
    ...standIn,
    subscribe({ fate, publicKey = null as string | null } = {}) {
      const ecdh = createECDH("prime256v1");
      const p256dh = ecdh.generateKeys("base64url");
      const auth = randomBytes(16).toString("base64url");
      const path = `/push/${randomBytes(12).toString("base64url")}${fate ? `/${fate}` : ""}`;
      browsers.set(path, { ecdh, auth, publicKey });
      return { endpoint: `${origin}${path}`, keys: { p256dh, auth } };
    },
  };
}

/** RFC 8292 §2 to 4. */
function refusalOf(
  headers: SeenRequest["headers"],
  publicKey: string | null,
  { origin, verified }: { origin: string; verified: Set<string> },
): Reply | null {
  const parts = /^vapid t=([\w.-]+), ?k=([\w-]+)$/i.exec(headers.authorization ?? "");
  const [, token = "", key = ""] = parts ?? [];
  if (!parts) return mozilla(401, 109, "Missing or invalid Authorization header");
  if (publicKey !== null && publicKey !== key) return mozilla(401, 109, "VAPID public key mismatch");
  if (verified.has(token + key)) return null;
  const jwt = verifyJwt(token, keyOf(key));
  if (jwt?.header.alg !== "ES256") return mozilla(401, 109, "Invalid VAPID signature");
  const { aud, exp, sub } = jwt.claims;
  const now = Date.now() / 1000;
  if (aud !== origin) return mozilla(401, 109, "Invalid aud of the VAPID token");
  if (!(Number(exp) > now && Number(exp) <= now + longestTokenSeconds))
    return mozilla(401, 109, "Invalid exp of the VAPID token");
  if (!/^(mailto:|https:)/.test(String(sub))) return mozilla(401, 109, "Invalid sub of the VAPID token");
  verified.add(token + key);
  return null;
}

function keyOf(point: string) {
  const bytes = Buffer.from(point, "base64url");
  const [x, y] = [bytes.subarray(1, 33), bytes.subarray(33, 65)].map((part) => part.toString("base64url"));
  return createPublicKey({
    key: { kty: "EC", crv: "P-256", x: String(x), y: String(y) },
    format: "jwk",
  });
}

/** As autopush words it: https://mozilla-services.github.io/autopush-rs/errors.html */
const mozilla = (code: number, errno: number, message: string): Reply => ({
  status: code,
  body: JSON.stringify({ code, errno, error: names[code] ?? "Error", message }),
});

const names: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  410: "Gone",
};

const failureOf = (status: number): Reply =>
  status === 429
    ? mozilla(429, 120, "Too many requests")
    : mozilla(status, 999, status >= 500 ? "Service unavailable" : "Refused");
