import type { Outcome } from "../provider.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { Answer } from "../transport/exchange.ts";

/** `token`: the provider token has ended. */
export type ApnsAnswer = Outcome | { kind: "token"; detail: string };

/** Before a device that got too many is tried again, where Apple does not say. */
const deviceMs = 60_000;

const cures: Record<string, string> = {
  BadTopic: "Check bundleId.",
  MissingTopic: "Check bundleId.",
  TopicDisallowed: "Check bundleId: the key may not send to that app.",
  BadCertificate: "Check the account's key.",
  BadCertificateEnvironment: "Check environment: the key is for the other one.",
  BadEnvironmentKeyIdInToken: "Check environment: the key is for the other one.",
  Forbidden: "Check the account's key.",
  InvalidProviderToken:
    "Check keyId, teamId and privateKey: they do not belong together, or the key was revoked.",
  MissingProviderToken: "Check the account's key.",
  UnrelatedKeyIdInToken: "Check keyId: the key is of another team or app.",
};

/**
 * What an answer of APNs means.
 * Source: https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */
export function readApnsAnswer(
  { status, headers, body }: Answer,
  { host, redact, nowMs }: { host: string; redact: (text: string) => string; nowMs: number },
): ApnsAnswer {
  if (status === 200) {
    const id = headers["apns-id"];
    return { kind: "accepted", providerId: typeof id === "string" && id !== "" ? id.slice(0, 512) : null };
  }
  const { reason, timestamp } = readBody(body);
  const code = redact(reason ?? `http_${status}`).slice(0, 64);
  const said = `${host} answered ${status}${reason === null ? "" : ` ${code}`}`;
  const cure = reason !== null && Object.hasOwn(cures, reason) ? cures[reason] : undefined;
  const fault = { code, detail: cure ? `${said}. ${cure}` : said };
  const afterMs = retryAfterMs(headers["retry-after"], nowMs);
  const later = afterMs === undefined ? {} : { afterMs };

  switch (reason) {
    case "BadDeviceToken":
    case "DeviceTokenNotForTopic":
      return { kind: "gone", cause: "invalid", ...fault };
    case "Unregistered":
    case "ExpiredToken":
      return {
        ...{ kind: "gone", cause: "unregistered", ...fault },
        ...(timestamp === null ? {} : { since: new Date(timestamp) }),
      };
    case "ExpiredProviderToken":
      return { kind: "token", detail: said };
    case "BadTopic":
    case "MissingTopic":
    case "TopicDisallowed":
      return { kind: "misconfigured", ...fault };
    case "IdleTimeout":
      return { kind: "retry", ...fault };
    case "TooManyRequests":
      // Of one device: the others need not wait for it.
      return { kind: "retry", ...fault, afterMs: afterMs ?? deviceMs };
  }
  if (status === 410) return { kind: "gone", cause: "unregistered", ...fault };
  if (status === 401 || status === 403) return { kind: "misconfigured", ...fault };
  if (status === 429) return { kind: "throttle", ...fault, ...later };
  if (status >= 300 && status < 400) return { kind: "misconfigured", ...fault };
  // A gateway gave up waiting: what stands behind it may have taken the message.
  if (status === 504) return { kind: "unknown", ...fault };
  if (status === 408 || status >= 500) return { kind: "retry", ...fault, ...later };
  return { kind: "rejected", ...fault };
}

/** `timestamp` is in ms of the epoch. */
function readBody(body: string | null): { reason: string | null; timestamp: number | null } {
  try {
    const { reason, timestamp } = JSON.parse(body ?? "") as Record<string, unknown>;
    return {
      reason: typeof reason === "string" && reason !== "" ? reason : null,
      timestamp: typeof timestamp === "number" && Math.abs(timestamp) < 8.64e15 ? timestamp : null,
    };
  } catch {
    return { reason: null, timestamp: null };
  }
}
