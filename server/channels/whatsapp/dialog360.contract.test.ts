import { startWhatsappStandIn } from "../../testing/stand-ins/whatsapp.ts";
import { whatsappMessage } from "../../testing/whatsapp-message.ts";
import { type ErrorRow, statusRow, testProvider } from "../provider.contract.ts";
import { dialog360Provider } from "./dialog360.ts";
import { Dialog360Config } from "./dialog360-config.ts";

const own = (status: number, words: string, kind: ErrorRow["kind"], rest: { afterMs?: number } = {}) =>
  statusRow(status, kind, {
    body: { meta: { success: false, http_code: status, developer_message: words } },
    ...{ code: `http_${status}`, ...rest },
  });
const metas = (code: number, kind: ErrorRow["kind"], message = `(#${code}) words`, status = 400) =>
  statusRow(status, kind, { body: { error: { message, code } }, code: String(code) });
const tooFast = "You have exceeded the endpoint rate limit.";

testProvider("360dialog", {
  provider: dialog360Provider,
  start: () => startWhatsappStandIn(),
  configFor: ({ credentials, url: baseUrl }, { timeoutMs }) =>
    Dialog360Config.parse({ ...credentials["360dialog"], baseUrl, timeoutMs }),
  messageFor: () =>
    whatsappMessage(
      {},
      {
        ...{
          name: "autumn_sale",
          header: { kind: "image", link: "https://shop.example/a.png", filename: null },
        },
        body: [
          { name: "first_name", text: "Sara" },
          { name: "discount", text: "20 %" },
        ],
        buttons: [
          { index: 0, kind: "url", text: "autumn" },
          { index: 1, kind: "quick_reply", text: "stop" },
        ],
      },
    ),
  deliveryOf: ({ deliveryId }) => deliveryId,
  request: (message, { credentials }) => ({
    ...{ method: "POST", url: "/messages" },
    headers: { "d360-api-key": credentials["360dialog"].apiKey, "content-type": "application/json" },
    body: {
      ...{
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "989121234567",
        type: "template",
      },
      template: {
        ...{ name: "autumn_sale", language: { code: "en" } },
        components: [
          { type: "header", parameters: [{ type: "image", image: { link: "https://shop.example/a.png" } }] },
          {
            type: "body",
            parameters: [
              { type: "text", text: "Sara", parameter_name: "first_name" },
              { type: "text", text: "20 %", parameter_name: "discount" },
            ],
          },
          { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "autumn" }] },
          {
            ...{ type: "button", sub_type: "quick_reply", index: "1" },
            parameters: [{ type: "payload", payload: "stop" }],
          },
        ],
      },
      biz_opaque_callback_data: message.deliveryId,
    },
  }),
  providerId: /^wamid\./,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: ({ apiKey, webhookToken = "", platformSecret = "" }) => [apiKey, webhookToken, platformSecret],
  checkConnects: true,
  errors: [
    own(400, tooFast, "throttle", { afterMs: 5_000 }),
    statusRow(400, "throttle", { body: { error: tooFast } }),
    statusRow(400, "throttle", { body: { errors: [{ title: "Too many requests" }] } }),
    own(400, "Your WhatsApp for Business API has been disabled", "misconfigured"),
    own(
      400,
      "Could not send message due to lack of payment. Messaging can resume once overdue invoices towards 360Dialog are settled.",
      "misconfigured",
    ),
    own(401, "Invalid api_key", "misconfigured"),
    own(403, "The endpoint is blocked", "misconfigured"),
    own(500, "Internal server error", "retry"),
    own(502, "WhatsApp for Business API not available", "retry"),
    own(400, "something else", "rejected"),
    // Meta's codes come before any words.
    metas(131009, "rejected", "the parameter has been disabled"),
    metas(130429, "throttle"),
    metas(130429, "throttle", "(#130429) Rate limit hit", 429),
    metas(132015, "halted"),
    metas(131050, "left"),
    metas(190, "misconfigured", "token", 401),
    metas(199_999, "rejected"),
    metas(199_999, "throttle", "rate limit"),
    statusRow(404, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(429, "throttle"),
    statusRow(504, "unknown"),
    { name: "a phone without WhatsApp", fault: { kind: "gone" }, kind: "rejected", code: "131026" },
  ],
});
