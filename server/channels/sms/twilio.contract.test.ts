import { startTwilioStandIn } from "../../testing/stand-ins/twilio.ts";
import { textMessage } from "../../testing/text-message.ts";
import { type ErrorRow, statusRow, testProvider } from "../provider.contract.ts";
import { twilioProvider } from "./twilio.ts";
import { TwilioConfig } from "./twilio-config.ts";

const receiptsUrl = "https://chapar.example/api/receipts/twilio/key";
const row = (
  status: number,
  code: number,
  kind: ErrorRow["kind"],
  rest: { cause?: "unregistered" | "invalid" } = {},
) => statusRow(status, kind, { body: { code, message: "no", status }, code: String(code), ...rest });

testProvider("twilio", {
  provider: twilioProvider,
  start: () => startTwilioStandIn(),
  receiptsUrl,
  configFor: ({ credentials: { apiKeySid, apiKeySecret, ...rest }, url: baseUrl }, { timeoutMs }) =>
    TwilioConfig.parse({ ...rest, apiKeySid, apiKeySecret, baseUrl, timeoutMs }),
  messageFor: () => textMessage(),
  deliveryOf: ({ content }) => `+989121234567 ${content}`,
  request: ({ content, deliveryId }, { credentials: { accountSid, apiKeySid, apiKeySecret, from } }) => ({
    ...{ method: "POST", url: `/2010-04-01/Accounts/${accountSid}/Messages.json` },
    headers: {
      authorization: `Basic ${Buffer.from(`${apiKeySid}:${apiKeySecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: {
      ...{ To: "+989121234567", From: from, Body: content },
      StatusCallback: `${receiptsUrl}?delivery=${deliveryId}`,
    },
  }),
  providerId: /^SM[0-9a-f]{32}$/,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: ({ authToken, apiKeySecret = "" }, { headers }) => [
    ...[authToken, apiKeySecret],
    String(headers.authorization).slice("Basic ".length),
  ],
  checkConnects: true,
  errors: [
    row(401, 20003, "misconfigured"),
    row(404, 20404, "misconfigured"),
    row(429, 20429, "throttle"),
    row(400, 21211, "gone", { cause: "invalid" }),
    row(400, 21614, "gone", { cause: "invalid" }),
    row(400, 21610, "left"),
    ...[21408, 21606, 21659, 21660, 21703, 30002, 30034].map((code) => row(400, code, "misconfigured")),
    ...[21608, 21617, 30003, 30004, 30007, 30008].map((code) => row(400, code, "rejected")),
    row(400, 30001, "retry"),
    row(400, 30005, "gone", { cause: "unregistered" }),
    row(400, 30006, "gone", { cause: "invalid" }),
    ...[14107, 21611].map((code) => row(400, code, "throttle")),
    row(400, 29999, "rejected"),
    statusRow(403, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(408, "retry"),
    statusRow(429, "throttle"),
    statusRow(500, "retry"),
    statusRow(502, "unknown", { body: "<html>" }),
    statusRow(504, "unknown"),
    { name: "a number that is none", fault: { kind: "gone" }, kind: "gone", cause: "invalid" },
  ],
});
