import { startWhatsappStandIn } from "../../testing/stand-ins/whatsapp.ts";
import { whatsappMessage } from "../../testing/whatsapp-message.ts";
import { type ErrorRow, statusRow, testProvider } from "../provider.contract.ts";
import { metaProvider } from "./meta.ts";
import { MetaConfig } from "./meta-config.ts";

const row = (
  code: number,
  kind: ErrorRow["kind"],
  { status = 400, afterMs }: { status?: number; afterMs?: number } = {},
) =>
  statusRow(status, kind, {
    body: { error: { message: `(#${code}) words`, code, error_data: { details: "details" } } },
    ...{ code: String(code), ...(afterMs === undefined ? {} : { afterMs }) },
  });
const minuteMs = 60_000;

testProvider("meta", {
  provider: metaProvider,
  start: () => startWhatsappStandIn(),
  configFor: ({ credentials, url: baseUrl }, { timeoutMs }) =>
    MetaConfig.parse({ ...credentials.meta, baseUrl, timeoutMs }),
  messageFor: () => whatsappMessage(),
  deliveryOf: ({ deliveryId }) => deliveryId,
  request: (message, { credentials: { meta } }) => ({
    ...{ method: "POST", url: `/v25.0/${meta.phoneNumberId}/messages` },
    headers: { authorization: `Bearer ${meta.accessToken}`, "content-type": "application/json" },
    body: {
      ...{
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "989121234567",
        type: "template",
      },
      template: {
        ...{ name: "hello", language: { code: "en" } },
        components: [{ type: "body", parameters: [{ type: "text", text: "Sara & co." }] }],
      },
      biz_opaque_callback_data: message.deliveryId,
    },
  }),
  providerId: /^wamid\./,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: ({ accessToken, appSecret, verifyToken }) => [accessToken, appSecret, verifyToken],
  checkConnects: true,
  errors: [
    ...[0, 190, 3, 10, 200, 210, 299, 33, 368, 130497, 131005, 131031, 131037, 131042, 131045, 131063].map(
      (code) => row(code, "misconfigured"),
    ),
    ...[131064, 133010, 133016].map((code) => row(code, "misconfigured")),
    statusRow(400, "misconfigured", { body: { error: { code: 100, error_subcode: 33 } }, code: "100" }),
    ...[4, 80007, 132069].map((code) => row(code, "throttle", { afterMs: minuteMs })),
    row(130429, "throttle"),
    row(130429, "throttle", { status: 429 }),
    row(131048, "throttle", { afterMs: 60 * minuteMs }),
    ...[1, 2, 131000, 131016, 135000].map((code) => row(code, "retry", { status: 500 })),
    ...[1, 2, 131000, 131016, 135000].map((code) => row(code, "retry")),
    row(131056, "retry", { afterMs: 6_000 }),
    row(131057, "retry", { status: 500, afterMs: minuteMs }),
    ...[100, 130472, 131008, 131009, 131021, 131026, 131030, 131047, 131049].map((code) =>
      row(code, "rejected"),
    ),
    ...[131051, 131052, 131053, 131062, 132005, 132007, 132008, 132012, 132018, 137000].map((code) =>
      row(code, "rejected"),
    ),
    row(131050, "left"),
    row(132001, "halted", { status: 404 }),
    ...[132000, 132015, 132016, 132068].map((code) => row(code, "halted")),
    row(199_999, "rejected"),
    row(199_999, "retry", { status: 500 }),
    row(199_999, "misconfigured", { status: 403 }),
    statusRow(401, "misconfigured", { code: "190" }),
    statusRow(403, "misconfigured", { code: "10" }),
    statusRow(404, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(413, "rejected"),
    statusRow(408, "retry"),
    statusRow(500, "retry", { code: "131000" }),
    statusRow(502, "unknown"),
    statusRow(503, "retry", { code: "131016" }),
    statusRow(504, "unknown"),
    { name: "a phone without WhatsApp", fault: { kind: "gone" }, kind: "rejected", code: "131026" },
  ],
});
