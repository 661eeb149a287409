import { startKaleyraStandIn } from "../../testing/stand-ins/kaleyra.ts";
import { whatsappMessage } from "../../testing/whatsapp-message.ts";
import { type ErrorRow, statusRow, testProvider } from "../provider.contract.ts";
import { kaleyraWhatsappProvider } from "./kaleyra.ts";
import { KaleyraWhatsappConfig } from "./kaleyra-config.ts";

const row = (status: number, code: string, kind: ErrorRow["kind"], rest: { afterMs?: number } = {}) =>
  statusRow(status, kind, { body: { code, message: "no" }, code, ...rest });

const errors: readonly ErrorRow[] = [
  row(401, "RBC001", "misconfigured"),
  row(400, "E110", "misconfigured"),
  row(401, "WA401", "misconfigured"),
  row(401, "WA-401", "misconfigured"),
  row(400, "WAV2101", "throttle", { afterMs: 3_600_000 }),
  row(202, "WAV2101", "throttle", { afterMs: 3_600_000 }),
  row(400, "WA400", "rejected"),
  row(400, "E13001", "rejected"),
  row(500, "WA500", "retry", { afterMs: 300_000 }),
  row(400, "132015", "halted"),
  row(400, "131050", "left"),
  row(400, "131026", "rejected"),
  row(400, "X1", "rejected"),
  statusRow(401, "misconfigured", { code: "RBC001" }),
  statusRow(402, "misconfigured", { code: "E110" }),
  statusRow(404, "misconfigured"),
  statusRow(301, "misconfigured"),
  statusRow(429, "throttle"),
  statusRow(500, "retry"),
  statusRow(502, "retry"),
  statusRow(504, "unknown"),
];
const receiptsUrl = "https://chapar.example/api/receipts/kaleyra-whatsapp/key";
const shared = {
  ...{ provider: kaleyraWhatsappProvider, start: () => startKaleyraStandIn(), receiptsUrl },
  ...{ messageFor: () => whatsappMessage({}, { body: [{ name: null, text: "Sara" }] }), errors },
  ...({ throttled: "throttle", privateAddress: "misconfigured", checkConnects: true } as const),
  providerId: /^8f14e45f-\d{12}$/,
  secretsOf: ({ apiKey }: KaleyraWhatsappConfig) => [apiKey, "simulated-receipts-token"],
};
type KaleyraStandIn = Awaited<ReturnType<typeof startKaleyraStandIn>>;

const configOf =
  (settings: Record<string, unknown>) =>
  (
    { credentials: { sid, apiKey, from, wabaId }, url: baseUrl }: KaleyraStandIn,
    { timeoutMs }: { timeoutMs: number },
  ) =>
    KaleyraWhatsappConfig.parse({
      ...{ sid, apiKey, from, wabaId, baseUrl, timeoutMs, receiptsToken: "simulated-receipts-token" },
      ...settings,
    });

testProvider("kaleyra-whatsapp v2", {
  ...shared,
  configFor: configOf({ callbackProfileId: "profile-1" }),
  deliveryOf: ({ deliveryId }) => deliveryId,
  request: (message, { credentials }) => ({
    ...{ method: "POST", url: `/v2/${credentials.sid}/whatsapp/919812345678/messages` },
    headers: { "api-key": credentials.apiKey, "content-type": "application/json" },
    body: {
      messaging_object: {
        ...{
          messaging_product: "whatsapp",
          recipient_type: "individual",
          to: "989121234567",
          type: "template",
        },
        template: {
          ...{ name: "hello", language: { code: "en" } },
          components: [{ type: "body", parameters: [{ type: "text", text: "Sara" }] }],
        },
      },
      ...{ extra_info: { ref: message.deliveryId }, callback_profile_id: "profile-1" },
    },
  }),
});

testProvider("kaleyra-whatsapp v1", {
  ...shared,
  configFor: configOf({ version: "v1" }),
  deliveryOf: () => "+989121234567 hello",
  request: (message, { credentials }) => ({
    ...{ method: "POST", url: `/v1/${credentials.sid}/messages` },
    headers: { "api-key": credentials.apiKey, "content-type": "application/x-www-form-urlencoded" },
    body: {
      ...{ channel: "whatsapp", from: "+919812345678", to: "+989121234567", type: "template" },
      ...{ template_name: "hello", lang_code: "en", params: "Sara" },
      callback_url: `${receiptsUrl}?delivery=${message.deliveryId}`,
    },
  }),
});
