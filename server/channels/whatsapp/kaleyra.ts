import { asObject } from "../json.ts";
import type { Opening, Outbound, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { reach } from "../transport/reach.ts";
import { sentence } from "../words.ts";
import { limitOf } from "./audience.ts";
import { readKaleyraWhatsappAnswer } from "./kaleyra-answer.ts";
import { KaleyraWhatsappConfig, originOf } from "./kaleyra-config.ts";
import { kaleyraV1Fields, kaleyraV2Body } from "./kaleyra-message.ts";
import { parseKaleyraWhatsappReceipts } from "./kaleyra-receipts.ts";
import { listPages, nextCursor, templatesOfPage } from "./template-list.ts";

/** WhatsApp by Kaleyra (Tata Communications), in either version of its API. */
export const kaleyraWhatsappProvider: Provider<KaleyraWhatsappConfig> = {
  name: "kaleyra-whatsapp",
  channels: ["whatsapp"],
  tokenServices: null,
  config: KaleyraWhatsappConfig,
  secrets: ["apiKey", "receiptsToken"],
  destinationOf: originOf,
  isRepeatSafe: () => false,
  // Reports of the second version do, those of a callback profile do where it says so.
  echoesDeliveryId: () => false,
  hasTemplates: true,
  audienceLimit: (config) => limitOf(config, config.from.replace("+", "")),
  open: openSender,
  parseReceipts: parseKaleyraWhatsappReceipts,
};

function openSender(
  config: KaleyraWhatsappConfig,
  outside: Outside,
  { connections, receiptsUrl }: Opening,
): Sender {
  const { sid, apiKey, receiptsToken, wabaId, version, timeoutMs } = config;
  const origin = originOf(config);
  const { host } = new URL(origin);
  const http = openHttp1(outside, { connections, timeoutMs });
  const redact = createRedactor([apiKey, ...(receiptsToken ? [receiptsToken] : [])]);
  const key = ["api-key", apiKey];
  const reading = () => ({ host, redact, nowMs: Date.now(), address: "sid, from, region and baseUrl" });

  async function post(path: string, type: string, body: string, signal: AbortSignal): Promise<Outcome> {
    const headers = [...key, "content-type", type];
    const exchanged = await http.exchange({ origin, method: "POST", path, headers, body }, signal);
    if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
    return readKaleyraWhatsappAnswer(exchanged, reading());
  }

  const sendBy: Record<typeof version, (message: Outbound, signal: AbortSignal) => Promise<Outcome>> = {
    v2: (message, signal) => {
      const path = `/v2/${sid}/whatsapp/${config.from.replace("+", "")}/messages`;
      return post(path, "application/json", JSON.stringify(kaleyraV2Body(message, config)), signal);
    },
    async v1(message, signal) {
      const written = kaleyraV1Fields(message, config, receiptsUrl ?? null);
      if (!written.ok) return { kind: "rejected", code: "unsayable", detail: written.detail };
      const body = new URLSearchParams(written.fields).toString();
      return post(`/v1/${sid}/messages`, "application/x-www-form-urlencoded", body, signal);
    },
  };

  const templates = (limit: number, signal: AbortSignal) => (after: string | null) => {
    const query = new URLSearchParams({ limit: String(limit), ...(after === null ? {} : { after }) });
    const path = `/v2/${sid}/whatsapp/${wabaId}/message_templates?${query}`;
    return http.exchange({ origin, method: "GET", path, headers: key, body: null }, signal);
  };

  return {
    send: (message, signal) => sendBy[version](message, signal),

    async listTemplates(signal) {
      if (wabaId === undefined)
        return {
          ok: false,
          detail: "Templates are listed by wabaId, the WhatsApp Business Account ID; set it.",
        };
      return listPages({
        ...{ host, redact, fetch: templates(templatesOfPage, signal) },
        refuse: (answer) => readKaleyraWhatsappAnswer(answer, reading()),
        read(body) {
          // What Meta answered stands in `data` as it is, or as its list alone.
          const page = Array.isArray(body.data) ? body : asObject(body.data);
          return { items: page.data ?? page.templates ?? body.templates, next: nextCursor(page) };
        },
      });
    },

    async check(signal) {
      if (wabaId === undefined) {
        const { ok, detail } = await reach(origin, { outside, timeoutMs, signal });
        if (!ok) return { ok, detail };
        const missing = "Without wabaId it is not known whether it takes the credentials.";
        return { ok, detail: `${detail} Nothing was sent. ${missing}` };
      }
      const exchanged = await templates(1, signal)(null);
      const outcome =
        exchanged.kind === "broken"
          ? outcomeOfBroken(exchanged, redact)
          : readKaleyraWhatsappAnswer(exchanged, reading());
      if ("detail" in outcome) return { ok: false, detail: sentence(outcome.detail) };
      return { ok: true, detail: `${host} takes the key and lists templates. Nothing was sent to anybody.` };
    },

    close: () => http.close(),
  };
}
