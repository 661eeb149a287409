import type { Opening, Outbound, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { addressOfReports } from "../report.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { reach } from "../transport/reach.ts";
import { readKaleyraAnswer } from "./kaleyra-answer.ts";
import { KaleyraConfig } from "./kaleyra-config.ts";
import { parseKaleyraReceipts } from "./kaleyra-receipts.ts";

/** SMS by Kaleyra (Tata Communications): one message a request, whose reports come where it says. */
export const kaleyraProvider: Provider<KaleyraConfig> = {
  name: "kaleyra",
  channels: ["sms"],
  tokenServices: null,
  config: KaleyraConfig,
  secrets: ["apiKey", "receiptsToken"],
  destinationOf: ({ baseUrl }) => new URL(baseUrl).origin,
  isRepeatSafe: () => false,
  // They do when they come to the address of the request, and do not from a callback profile.
  echoesDeliveryId: () => false,
  open: openSender,
  parseReceipts: parseKaleyraReceipts,
};

function openSender(config: KaleyraConfig, outside: Outside, { connections, receiptsUrl }: Opening): Sender {
  const { apiKey, timeoutMs } = config;
  const { host, origin } = new URL(config.baseUrl);
  const http = openHttp1(outside, { connections, timeoutMs });
  const redact = createRedactor([apiKey, ...(config.receiptsToken ? [config.receiptsToken] : [])]);
  const path = `/v1/${config.sid}/messages`;
  const headers = ["api-key", apiKey, "content-type", "application/x-www-form-urlencoded"];

  return {
    async send(message, signal) {
      const body = new URLSearchParams(fieldsOf(message, config, receiptsUrl ?? null)).toString();
      const exchanged = await http.exchange({ origin, method: "POST", path, headers, body }, signal);
      if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
      return readKaleyraAnswer(exchanged, { host, redact, nowMs: Date.now() });
    },

    async check(signal) {
      const { ok, detail } = await reach(origin, { outside, timeoutMs, signal });
      if (!ok) return { ok, detail };
      return { ok, detail: `${detail} Nothing was sent, so whether it takes the credentials is not known.` };
    },

    close: () => http.close(),
  };
}

function fieldsOf(
  { to, content, deliveryId }: Outbound,
  { sender, type, templateId, receiptsToken }: KaleyraConfig,
  receiptsUrl: string | null,
): Record<string, string> {
  return {
    ...{ to: `+${to}`, sender, type, body: content, unicode: "Auto", ref: deliveryId },
    ...(templateId === undefined ? {} : { template_id: templateId }),
    ...(receiptsUrl === null
      ? {}
      : {
          callback: JSON.stringify({
            ...{ url: addressOfReports(receiptsUrl, deliveryId), method: "POST" },
            ...(receiptsToken === undefined ? {} : { header: { "x-chapar-token": receiptsToken } }),
            retry: { count: "3", interval: ["10", "10", "10"] },
          }),
        }),
  };
}
