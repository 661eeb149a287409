import { startKaleyraStandIn } from "../../testing/stand-ins/kaleyra.ts";
import { textMessage } from "../../testing/text-message.ts";
import { statusRow, testProvider } from "../provider.contract.ts";
import { kaleyraProvider } from "./kaleyra.ts";
import { KaleyraConfig } from "./kaleyra-config.ts";

const receiptsUrl = "https://chapar.example/api/receipts/kaleyra/key";
const says = (code: string, message = "no") => ({ code, message });

testProvider("kaleyra", {
  provider: kaleyraProvider,
  start: () => startKaleyraStandIn(),
  receiptsUrl,
  configFor: ({ credentials: { sid, apiKey, sender }, url: baseUrl }, { timeoutMs }) =>
    KaleyraConfig.parse({
      ...{ sid, apiKey, sender, baseUrl, timeoutMs, templateId: "1107161234567890" },
      receiptsToken: "simulated-receipts-token",
    }),
  messageFor: () => textMessage(),
  deliveryOf: ({ deliveryId }) => deliveryId,
  request: ({ content, deliveryId }, { credentials }) => ({
    ...{ method: "POST", url: `/v1/${credentials.sid}/messages` },
    headers: { "api-key": credentials.apiKey, "content-type": "application/x-www-form-urlencoded" },
    body: {
      ...{ to: "+989121234567", sender: "SHOPPR", type: "MKT", body: content, unicode: "Auto" },
      ...{ ref: deliveryId, template_id: "1107161234567890" },
      callback: JSON.stringify({
        ...{ url: `${receiptsUrl}?delivery=${deliveryId}`, method: "POST" },
        header: { "x-chapar-token": "simulated-receipts-token" },
        retry: { count: "3", interval: ["10", "10", "10"] },
      }),
    },
  }),
  providerId: /^ee8a\d{8}:1$/,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: ({ apiKey }) => [apiKey, "simulated-receipts-token"],
  checkConnects: true,
  errors: [
    statusRow(401, "misconfigured", { code: "RBC001" }),
    statusRow(400, "misconfigured", { body: says("RBC001"), code: "RBC001" }),
    statusRow(400, "misconfigured", { body: says("E110"), code: "E110" }),
    statusRow(402, "misconfigured", { code: "E110" }),
    statusRow(202, "misconfigured", { body: { data: [], error: says("E110") }, code: "E110" }),
    statusRow(202, "rejected", { body: { id: "x", data: [], error: {} }, code: "no_data" }),
    statusRow(202, "rejected", { body: { data: [], error: { to: says("E412") } }, code: "E412" }),
    statusRow(403, "misconfigured"),
    statusRow(404, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(400, "rejected", { body: says("E412", "body is required"), code: "E412" }),
    statusRow(413, "rejected"),
    statusRow(408, "retry"),
    statusRow(429, "throttle"),
    statusRow(500, "retry"),
    statusRow(502, "retry"),
    statusRow(503, "retry"),
    statusRow(504, "unknown"),
    { name: "a number that Kaleyra does not take", fault: { kind: "gone" }, kind: "rejected" },
  ],
});
