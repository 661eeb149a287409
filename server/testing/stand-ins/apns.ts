import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { SeenRequest } from "./faults.ts";
import { type H2Options, type H2StandIn, startH2StandIn } from "./h2.ts";
import { verifyJwt } from "./jwt.ts";
import type { Reply } from "./wire.ts";

const pushTypes = new Set([
  ...["alert", "background", "voip", "location", "complication", "fileprovider", "mdm", "liveactivity"],
  ...["pushtotalk", "widgets", "controls"],
]);
const mostBytes = 4096;
/** Longer than this a provider token is not taken: an hour. */
const tokenSeconds = 3_600;
const timesBusy = 2;

/** Apple Push Notification service. Device tokens say what becomes of a message; see {@link fateOf}. */
export interface ApnsStandIn extends H2StandIn {
  /** What an account needs to send to it. */
  readonly credentials: { keyId: string; teamId: string; bundleId: string; privateKey: string };
  /** Different provider tokens that it has seen. */
  providerTokens(): number;
  /** Tokens made until now have ended. */
  expireTokens(): void;
}

type Fate = "dead" | "expired" | "wrong" | "foreign" | "throttled" | "busy" | "broken" | "silent" | "slow";

const fates: Record<string, Fate> = {
  deaddead: "dead",
  deadc0de: "expired",
  "00000000": "wrong",
  baadbaad: "wrong",
  f0f0f0f0: "foreign",
  "42904290": "throttled",
  "50305030": "busy",
  "50005000": "broken",
  a51eeba5: "silent",
  "51005100": "slow",
};

/**
 * What a device token asks for by its first eight digits: `deaddead` was unregistered, `deadc0de` has expired,
 * `baadbaad` and `00000000` are none, `f0f0f0f0` is of another app, `42904290` and `50305030` are refused twice (429
 * and 503), `50005000` fails for ever, `a51eeba5` gets no answer and `51005100` one after 2 s. Any other is taken.
 */
const fateOf = (token: string): Fate | null => fates[token.slice(0, 8)] ?? null;

export async function startApnsStandIn(options: H2Options = {}): Promise<ApnsStandIn> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey);
  const ids = { keyId: "CHAPARKEY1", teamId: "CHAPARTEAM", bundleId: "com.example.chapar" };
  /** Tokens whose signature was found good, and when they were made, in seconds. */
  const verified = new Map<string, number>();
  const refusals = new Map<string, number>();
  const ended = new Set<string>();

  const refusalOf = (authorization: string | undefined): Reply | null => {
    const token = /^bearer (.+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return refused(403, "MissingProviderToken");
    let iat = verified.get(token);
    if (iat === undefined) {
      const jwt = verifyJwt(token, publicKey);
      const isOurs =
        jwt?.header.alg === "ES256" && jwt.header.kid === ids.keyId && jwt.claims.iss === ids.teamId;
      if (!isOurs || typeof jwt.claims.iat !== "number") return refused(403, "InvalidProviderToken");
      iat = jwt.claims.iat;
      verified.set(token, iat);
    }
    const isTooOld = Date.now() / 1000 - iat > tokenSeconds;
    return isTooOld || ended.has(token) ? refused(403, "ExpiredProviderToken") : null;
  };

  const answer = (request: SeenRequest): Reply | null => {
    const { method, url, headers, text, body } = request;
    if (method !== "POST") return refused(405, "MethodNotAllowed");
    const path = /^\/3\/device\/(.*)$/.exec(url);
    if (!path) return refused(404, "BadPath");
    const token = path[1] ?? "";
    if (token === "") return refused(400, "MissingDeviceToken");
    const refusal = refusalOf(headers.authorization) ?? faultOfHeaders(headers, ids.bundleId);
    if (refusal) return refusal;
    if (text === "") return refused(400, "PayloadEmpty");
    if (text.length * 3 > mostBytes && Buffer.byteLength(text) > mostBytes)
      return refused(413, "PayloadTooLarge");
    if (typeof body.aps !== "object") return refused(400, "PayloadEmpty");
    if (!/^([0-9a-f]{2}){32,100}$/i.test(token)) return refused(400, "BadDeviceToken");
    const id = String(headers["apns-id"] ?? "00000000-0000-4000-8000-000000000000");
    const taken = { status: 200, headers: { "apns-id": id }, body: "" };
    const fate = fateOf(token);
    switch (fate) {
      case "dead":
        return refused(410, "Unregistered", Date.now() - 60_000);
      case "expired":
        return refused(410, "ExpiredToken", Date.now() - 60_000);
      case "wrong":
        return refused(400, "BadDeviceToken");
      case "foreign":
        return refused(400, "DeviceTokenNotForTopic");
      case "throttled":
      case "busy": {
        const times = refusals.get(token) ?? 0;
        if (times >= timesBusy) return taken;
        refusals.set(token, times + 1);
        const reply = fate === "busy" ? refused(503, "ServiceUnavailable") : refused(429, "TooManyRequests");
        return { ...reply, headers: { "retry-after": "1" } };
      }
      case "broken":
        return refused(500, "InternalServerError");
      case "silent":
        return null;
      case "slow":
        return { ...taken, afterMs: 2_000 };
      case null:
        return taken;
    }
  };

  const standIn = await startH2StandIn(
    { maxConcurrentStreams: 1000, ...options },
    {
      deliveryOf: ({ headers }) => (typeof headers["apns-id"] === "string" ? headers["apns-id"] : null),
      answer,
      failure: (_, status) =>
        status === "gone"
          ? refused(410, "Unregistered", Date.now() - 60_000)
          : refused(status, reasons[status] ?? null),
      // There is no JSON in it.
      brokenJson: { status: 200, body: "" },
    },
  );
  return {
    ...standIn,
    credentials: { ...ids, privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })) },
    providerTokens: () => verified.size,
    expireTokens() {
      for (const token of verified.keys()) ended.add(token);
    },
  };
}

function faultOfHeaders(headers: SeenRequest["headers"], bundleId: string): Reply | null {
  const topic = headers["apns-topic"];
  if (topic === undefined) return refused(400, "MissingTopic");
  if (topic !== bundleId) return refused(400, "TopicDisallowed");
  const type = String(headers["apns-push-type"] ?? "alert");
  if (!pushTypes.has(type)) return refused(400, "InvalidPushType");
  const priority = String(headers["apns-priority"] ?? "10");
  if (!/^(1|5|10)$/.test(priority) || (type === "background" && priority === "10"))
    return refused(400, "BadPriority");
  if (!/^\d+$/.test(String(headers["apns-expiration"] ?? "0"))) return refused(400, "BadExpirationDate");
  if (Buffer.byteLength(String(headers["apns-collapse-id"] ?? "")) > 64) return refused(400, "BadCollapseId");
  const id = headers["apns-id"];
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id)))
    return refused(400, "BadMessageId");
  return null;
}

/** The usual reason of a status. */
const reasons: Record<number, string> = {
  ...{ 400: "BadPriority", 403: "InvalidProviderToken", 404: "BadPath", 405: "MethodNotAllowed" },
  ...{
    413: "PayloadTooLarge",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
  },
};

const refused = (status: number, reason: string | null, timestamp?: number): Reply => ({
  status,
  body: reason === null ? "" : JSON.stringify({ reason, ...(timestamp === undefined ? {} : { timestamp }) }),
});
