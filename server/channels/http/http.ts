import type { Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { reach } from "../transport/reach.ts";
import { createAnswerReader } from "./answer.ts";
import { HttpConfig } from "./config.ts";
import { parseHttpReceipts } from "./receipts.ts";
import { compileTemplates, originOf } from "./templates.ts";

/** Any service that takes a message as one HTTP request: what it looks like is up to the account. */
export const httpProvider: Provider<HttpConfig> = {
  name: "http",
  channels: ["push", "email", "sms", "whatsapp"],
  tokenServices: null,
  config: HttpConfig,
  secrets: ["headers", "secrets", "receiptsSecret"],
  destinationOf: (config) => originOf(config.url),
  isRepeatSafe: (config, channel) => config.isRepeatSafe ?? (channel === "push" || channel === "email"),
  echoesDeliveryId: (config) => config.receipts?.subject !== "providerId",
  open: openSender,
  parseReceipts: parseHttpReceipts,
};

function openSender(config: HttpConfig, outside: Outside, { connections }: { connections: number }): Sender {
  const { method, timeoutMs } = config;
  const origin = originOf(config.url) ?? "";
  const http = openHttp1(outside, { connections, timeoutMs });
  const fill = compileTemplates({ ...config, headers: { "user-agent": "Chapar", ...config.headers } });
  const redact = createRedactor([
    ...Object.values(config.headers),
    ...Object.values(config.secrets),
    ...(config.receiptsSecret ? [config.receiptsSecret] : []),
  ]);
  const readAnswer = createAnswerReader(config, { host: new URL(origin).host, redact });

  return {
    async send(message, signal) {
      const filled = fill(message);
      if (!filled.ok)
        return {
          kind: "rejected",
          code: "template",
          detail: redact(`The request cannot be made: ${filled.detail}`),
        };
      const exchanged = await http.exchange({ origin, method, ...filled.value }, signal);
      if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
      return readAnswer(exchanged, Date.now());
    },

    async check(signal) {
      const { ok, detail } = await reach(origin, { outside, timeoutMs, signal });
      if (!ok) return { ok, detail };
      return { ok, detail: `${detail} Nothing was sent, so whether it takes the credentials is not known.` };
    },

    close: () => http.close(),
  };
}
