import type { Opening, Outbound, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { addressOfReports } from "../report.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { sentence } from "../words.ts";
import { readTwilioAnswer } from "./twilio-answer.ts";
import { TwilioConfig } from "./twilio-config.ts";
import { parseTwilioReceipts } from "./twilio-receipts.ts";

/** Seconds for which Twilio may keep a message: https://www.twilio.com/docs/messaging/api/message-resource */
const longestValiditySeconds = 36_000;

/** SMS by Twilio: one message a request, whose reports are signed and come where it says. */
export const twilioProvider: Provider<TwilioConfig> = {
  name: "twilio",
  channels: ["sms"],
  tokenServices: null,
  config: TwilioConfig,
  secrets: ["authToken", "apiKeySecret"],
  destinationOf: ({ baseUrl }) => new URL(baseUrl).origin,
  isRepeatSafe: () => false,
  // The address does, where we are reached at one; else there is only what Twilio called the message.
  echoesDeliveryId: () => false,
  open: openSender,
  parseReceipts: parseTwilioReceipts,
};

function openSender(config: TwilioConfig, outside: Outside, { connections, receiptsUrl }: Opening): Sender {
  const { accountSid, authToken, apiKeySid, apiKeySecret, timeoutMs } = config;
  const { host, origin } = new URL(config.baseUrl);
  const http = openHttp1(outside, { connections, timeoutMs });
  const login = Buffer.from(`${apiKeySid ?? accountSid}:${apiKeySecret ?? authToken}`).toString("base64");
  const redact = createRedactor([authToken, login, ...(apiKeySecret ? [apiKeySecret] : [])]);
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const authorization = ["authorization", `Basic ${login}`];
  const read = { host, redact };

  return {
    async send(message, signal) {
      const fields = fieldsOf(message, config, { receiptsUrl: receiptsUrl ?? null, nowMs: Date.now() });
      const headers = [...authorization, "content-type", "application/x-www-form-urlencoded"];
      const body = new URLSearchParams(fields).toString();
      const exchanged = await http.exchange({ origin, method: "POST", path, headers, body }, signal);
      if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
      return readTwilioAnswer(exchanged, { ...read, nowMs: Date.now() });
    },

    // Keys that may only send may not look at the account, but at its messages.
    async check(signal) {
      const request = { origin, method: "GET" as const, path: `${path}?PageSize=1`, headers: authorization };
      const exchanged = await http.exchange({ ...request, body: null }, signal);
      const outcome =
        exchanged.kind === "broken"
          ? outcomeOfBroken(exchanged, redact)
          : readTwilioAnswer(exchanged, { ...read, nowMs: Date.now() });
      if ("detail" in outcome) return { ok: false, detail: sentence(outcome.detail) };
      return {
        ok: true,
        detail: `${host} takes the credentials of ${accountSid}. Nothing was sent to anybody.`,
      };
    },

    close: () => http.close(),
  };
}

function fieldsOf(
  { to, content, deliveryId, expiresAt }: Outbound,
  { from, messagingServiceSid }: TwilioConfig,
  { receiptsUrl, nowMs }: { receiptsUrl: string | null; nowMs: number },
): Record<string, string> {
  const leftSeconds = expiresAt && Math.floor((expiresAt.getTime() - nowMs) / 1000);
  return {
    To: `+${to}`,
    ...(messagingServiceSid === undefined
      ? { From: from ?? "" }
      : { MessagingServiceSid: messagingServiceSid }),
    Body: content,
    ...(leftSeconds === null
      ? {}
      : { ValidityPeriod: String(Math.min(Math.max(leftSeconds, 1), longestValiditySeconds)) }),
    ...(receiptsUrl === null ? {} : { StatusCallback: addressOfReports(receiptsUrl, deliveryId) }),
  };
}
