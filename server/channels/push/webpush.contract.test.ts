import { pushMessage } from "../../testing/push-message.ts";
import { startWebpushStandIn } from "../../testing/stand-ins/webpush.ts";
import { statusRow, testProvider } from "../provider.contract.ts";
import { webpushProvider } from "./webpush.ts";
import { WebpushConfig } from "./webpush-config.ts";

const keys = webpushProvider.makeKeys?.() ?? {};
const endpointOf = (to: string): string => JSON.parse(to).endpoint;

testProvider("webpush", {
  provider: webpushProvider,
  start: () => startWebpushStandIn(),
  configFor: (_, { timeoutMs }) =>
    WebpushConfig.parse({ ...keys, subject: "mailto:push@example.com", timeoutMs }),
  messageFor: (standIn) =>
    pushMessage({ to: JSON.stringify(standIn.subscribe()), tokenService: "webpush" }, { deviceType: "web" }),
  deliveryOf: ({ messageId, to }) => `${messageId} ${endpointOf(to)}`,
  request: ({ to }) => ({
    ...{ method: "POST", url: new URL(endpointOf(to)).pathname },
    headers: {
      authorization: /^vapid t=ey[\w.-]+, k=[\w-]{87}$/,
      ...{ ttl: "2419200", urgency: "high", topic: /^[\w-]{32}$/ },
      ...{ "content-type": "application/octet-stream", "content-encoding": "aes128gcm" },
    },
    body: {
      ...{ title: "Shop", body: "Hello", tag: "m-1", messageId: "m-1" },
      ...{ channel: "default", createdAt: 1772366400000 },
    },
  }),
  providerId: /\/m\/1$/,
  throttled: "retry",
  privateAddress: "gone",
  secretsOf: (_, { headers }) => [String(headers.authorization).slice("vapid t=".length).split(",")[0] ?? ""],
  checkConnects: false,
  errors: [
    statusRow(404, "gone", {
      body: { errno: 102, message: "gone" },
      code: "errno_102",
      cause: "unregistered",
    }),
    statusRow(410, "gone", {
      body: { errno: 106, message: "gone" },
      code: "errno_106",
      cause: "unregistered",
    }),
    statusRow(401, "misconfigured", { body: { errno: 109, message: "Invalid signature" } }),
    statusRow(401, "gone", { body: { errno: 109, message: "VAPID public key mismatch" }, cause: "invalid" }),
    statusRow(403, "misconfigured", { body: { reason: "BadJwtToken" }, code: "BadJwtToken" }),
    statusRow(403, "gone", { body: { reason: "VapidPkHashMismatch" }, cause: "invalid" }),
    statusRow(400, "rejected", { body: { errno: 110, message: "bad keys" }, code: "errno_110" }),
    statusRow(413, "rejected"),
    statusRow(307, "rejected"),
    statusRow(429, "retry", { body: "", afterMs: 60_000 }),
    statusRow(500, "retry"),
    statusRow(503, "retry"),
    statusRow(504, "unknown"),
  ],
});
