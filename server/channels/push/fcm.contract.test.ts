import { pushMessage } from "../../testing/push-message.ts";
import { startFcmStandIn } from "../../testing/stand-ins/fcm.ts";
import { statusRow, testProvider } from "../provider.contract.ts";
import { fcmProvider } from "./fcm.ts";
import { FcmConfig } from "./fcm-config.ts";

/** An answer as FCM words it; `errorCode` is what decides. */
const fcm = (status: string, errorCode?: string, message = "words") => ({
  error: {
    ...{ status, message },
    details:
      errorCode === undefined
        ? []
        : [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode }],
  },
});

const violation = (field: string) => ({
  error: {
    ...{ status: "INVALID_ARGUMENT", message: "words" },
    details: [
      { "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode: "INVALID_ARGUMENT" },
      {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        fieldViolations: [{ field, description: "x" }],
      },
    ],
  },
});

const notAToken = fcm(
  "INVALID_ARGUMENT",
  "INVALID_ARGUMENT",
  "The registration token is not a valid FCM registration token",
);

testProvider("fcm", {
  provider: fcmProvider,
  start: () => startFcmStandIn(),
  configFor: ({ serviceAccount, url: baseUrl }, { timeoutMs }) =>
    FcmConfig.parse({ serviceAccount, baseUrl, timeoutMs }),
  messageFor: () => pushMessage(),
  deliveryOf: ({ messageId, to }) => `${messageId} ${to}`,
  request: (message, { projectId }) => ({
    ...{ method: "POST", url: `/v1/projects/${projectId}/messages:send` },
    headers: { authorization: /^Bearer ya29\./, "content-type": "application/json" },
    body: {
      message: {
        token: message.to,
        data: { messageId: "m-1", content: "Hello", topic: "default", createdAt: "1772366400000" },
        notification: { title: "Shop", body: "Hello" },
        android: { priority: "HIGH", notification: { tag: "m-1" } },
      },
    },
  }),
  providerId: /^projects\/chapar-simulation\/messages\/0:/,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: (_, { headers }) => [String(headers.authorization).slice("Bearer ".length)],
  checkConnects: true,
  errors: [
    statusRow(404, "gone", {
      ...{ body: fcm("NOT_FOUND", "UNREGISTERED"), cause: "unregistered", code: "UNREGISTERED" },
    }),
    statusRow(400, "gone", { body: notAToken, cause: "invalid" }),
    statusRow(400, "gone", { body: violation("message.token"), cause: "invalid" }),
    statusRow(400, "rejected", { body: violation("message.data[from]"), code: "INVALID_ARGUMENT" }),
    statusRow(400, "rejected", { body: fcm("INVALID_ARGUMENT", "INVALID_ARGUMENT") }),
    statusRow(403, "gone", { body: fcm("PERMISSION_DENIED", "SENDER_ID_MISMATCH"), cause: "invalid" }),
    statusRow(401, "misconfigured", { body: fcm("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR") }),
    statusRow(401, "misconfigured", { code: "UNAUTHENTICATED" }),
    statusRow(403, "misconfigured", { code: "PERMISSION_DENIED" }),
    statusRow(404, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(429, "throttle", { body: fcm("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), afterMs: 60_000 }),
    statusRow(500, "retry", { code: "INTERNAL", afterMs: 10_000 }),
    statusRow(503, "retry", { code: "UNAVAILABLE", afterMs: 10_000 }),
    statusRow(502, "retry"),
    statusRow(504, "unknown"),
    statusRow(413, "rejected"),
    { name: "a dead address", fault: { kind: "gone" }, kind: "gone", cause: "unregistered" },
    { name: "a goodbye without a look", fault: { kind: "goaway" }, kind: "retry" },
  ],
});
