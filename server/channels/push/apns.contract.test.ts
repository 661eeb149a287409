import { pushMessage } from "../../testing/push-message.ts";
import { startApnsStandIn } from "../../testing/stand-ins/apns.ts";
import { statusRow, testProvider } from "../provider.contract.ts";
import { apnsProvider } from "./apns.ts";
import { ApnsConfig } from "./apns-config.ts";

const device = "ab".repeat(32);
const row = (
  status: number,
  reason: string,
  kind: Parameters<typeof statusRow>[1],
  rest: { cause?: "unregistered" | "invalid"; afterMs?: number } = {},
) => statusRow(status, kind, { body: { reason }, code: reason, ...rest });

testProvider("apns", {
  provider: apnsProvider,
  start: () => startApnsStandIn(),
  configFor: ({ credentials, url: baseUrl }, { timeoutMs }) =>
    ApnsConfig.parse({ ...credentials, baseUrl, timeoutMs }),
  messageFor: () => pushMessage({ to: device, tokenService: "apns" }, { deviceType: "ios" }),
  deliveryOf: ({ deliveryUuid }) => deliveryUuid,
  request: (message) => ({
    ...{ method: "POST", url: `/3/device/${device}` },
    headers: {
      authorization: /^bearer ey/,
      ...{ "apns-topic": "com.example.chapar", "apns-push-type": "alert", "apns-priority": "10" },
      ...{ "apns-id": message.deliveryUuid, "apns-collapse-id": "m-1" },
    },
    body: {
      aps: { alert: { title: "Shop", body: "Hello" }, sound: "default" },
      ...{ messageId: "m-1", topic: "default", createdAt: 1772366400000 },
    },
  }),
  providerId: /^0b6a2d1e-/,
  throttled: "retry",
  privateAddress: "misconfigured",
  secretsOf: (_, { headers }) => [String(headers.authorization).slice("bearer ".length)],
  checkConnects: true,
  errors: [
    row(400, "BadDeviceToken", "gone", { cause: "invalid" }),
    row(400, "DeviceTokenNotForTopic", "gone", { cause: "invalid" }),
    ...["BadCollapseId", "BadExpirationDate", "BadMessageId", "BadPriority", "InvalidPushType"].map(
      (reason) => row(400, reason, "rejected"),
    ),
    ...["DuplicateHeaders", "MissingDeviceToken", "PayloadEmpty"].map((reason) =>
      row(400, reason, "rejected"),
    ),
    ...["BadTopic", "MissingTopic", "TopicDisallowed"].map((reason) => row(400, reason, "misconfigured")),
    row(400, "IdleTimeout", "retry"),
    ...["BadCertificate", "BadCertificateEnvironment", "Forbidden", "InvalidProviderToken"].map((reason) =>
      row(403, reason, "misconfigured"),
    ),
    ...["MissingProviderToken", "UnrelatedKeyIdInToken", "BadEnvironmentKeyIdInToken"].map((reason) =>
      row(403, reason, "misconfigured"),
    ),
    row(403, "ExpiredProviderToken", "misconfigured"),
    row(404, "BadPath", "rejected"),
    row(405, "MethodNotAllowed", "rejected"),
    row(410, "Unregistered", "gone", { cause: "unregistered" }),
    row(410, "ExpiredToken", "gone", { cause: "unregistered" }),
    row(413, "PayloadTooLarge", "rejected"),
    row(429, "TooManyRequests", "retry", { afterMs: 60_000 }),
    row(429, "TooManyProviderTokenUpdates", "throttle"),
    row(500, "InternalServerError", "retry"),
    row(503, "ServiceUnavailable", "retry"),
    row(503, "Shutdown", "retry"),
    statusRow(504, "unknown", { body: "" }),
    { name: "a goodbye without a look", fault: { kind: "goaway" }, kind: "retry" },
  ],
});
