import type { Outcome } from "../provider.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { Answer } from "../transport/exchange.ts";

/** `token`: the access token is not taken any more. */
export type FcmAnswer = Outcome | { kind: "token"; detail: string };

/** Least wait before a message is sent again, where FCM does not say: https://firebase.google.com/docs/cloud-messaging/scale-fcm */
const retryMs = 10_000;
/** As long as the quota of a project is counted. */
const quotaMs = 60_000;

interface FcmError {
  status: string;
  message: string;
  /** Of the detail `google.firebase.fcm.v1.FcmError`. */
  errorCode: string | null;
  /** Fields that FCM did not like, and why. */
  violations: { field: string; description: string }[];
}

/**
 * What an answer of FCM means.
 * Source: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode and .../docs/cloud-messaging/error-codes
 */
export function readFcmAnswer(
  { status, headers, body }: Answer,
  { host, redact, nowMs }: { host: string; redact: (text: string) => string; nowMs: number },
): FcmAnswer {
  if (status === 200) return { kind: "accepted", providerId: nameIn(body) };
  const error = errorIn(body);
  const code = redact(error.errorCode || error.status || `http_${status}`).slice(0, 64);
  const words = error.violations.map(({ field, description }) => `${field}: ${description}`).join("; ");
  const said = redact(
    `${host} answered ${status} ${code}: ${words || error.message || "without words"}`,
  ).slice(0, 400);
  const fault = (cure = "") => ({ code, detail: cure ? `${said}. ${cure}` : said });
  const later = (ms: number) => ({ afterMs: retryAfterMs(headers["retry-after"], nowMs) ?? ms });

  switch (error.errorCode) {
    case "UNREGISTERED":
      return { kind: "gone", cause: "unregistered", ...fault() };
    case "SENDER_ID_MISMATCH":
      return { kind: "gone", cause: "invalid", ...fault("The token belongs to another Firebase project.") };
    case "THIRD_PARTY_AUTH_ERROR":
      return {
        kind: "misconfigured",
        ...fault(
          "Firebase has no valid key of Apple (iOS) or of web push; add it in the Firebase console, Cloud Messaging.",
        ),
      };
    case "QUOTA_EXCEEDED":
      return { kind: "throttle", ...fault(), ...later(quotaMs) };
    case "UNAVAILABLE":
    case "INTERNAL":
      return { kind: "retry", ...fault(), ...later(retryMs) };
    case "INVALID_ARGUMENT":
      return isAboutToken(error)
        ? { kind: "gone", cause: "invalid", ...fault() }
        : { kind: "rejected", ...fault() };
  }
  if (status === 401) return { kind: "token", detail: said };
  if (status === 403)
    return {
      kind: "misconfigured",
      ...fault("Enable the Firebase Cloud Messaging API (V1) and let the service account use it."),
    };
  // An address that is dead says UNREGISTERED.
  if (status === 404 || (status >= 300 && status < 400))
    return { kind: "misconfigured", ...fault("Check projectId and baseUrl of the account.") };
  if (status === 429) return { kind: "throttle", ...fault(), ...later(quotaMs) };
  // A gateway gave up waiting: what stands behind it may have taken the message.
  if (status === 504) return { kind: "unknown", ...fault() };
  if (status === 408 || status >= 500) return { kind: "retry", ...fault(), ...later(retryMs) };
  return { kind: "rejected", ...fault() };
}

/**
 * FCM names the token in a violation, or says only in words that it is none: the error itself is the same for a message
 * it does not like. https://github.com/firebase/firebase-admin-java/issues/1064
 */
function isAboutToken({ violations, message }: FcmError): boolean {
  if (violations.length > 0) return violations.every(({ field }) => field === "message.token");
  return /registration token/i.test(message);
}

function nameIn(body: string | null): string | null {
  const { name } = objectIn(body);
  return typeof name === "string" && name !== "" ? name.slice(0, 512) : null;
}

function errorIn(body: string | null): FcmError {
  const error = asObject(objectIn(body).error);
  const details = (Array.isArray(error.details) ? error.details : []).map(asObject);
  const ofType = (name: string) => details.find((detail) => String(detail["@type"]).endsWith(name));
  const violations = ofType("google.rpc.BadRequest")?.fieldViolations;
  return {
    status: textOf(error.status),
    message: textOf(error.message),
    errorCode: textOf(ofType("google.firebase.fcm.v1.FcmError")?.errorCode) || null,
    violations: (Array.isArray(violations) ? violations : []).map(asObject).map((violation) => ({
      field: textOf(violation.field),
      description: textOf(violation.description),
    })),
  };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function objectIn(body: string | null): Record<string, unknown> {
  try {
    return asObject(JSON.parse(body ?? ""));
  } catch {
    return {};
  }
}
