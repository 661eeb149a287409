import { objectIn, wordOf } from "../json.ts";
import type {
  CheckResult,
  Opening,
  Outside,
  ParsedReceipts,
  Provider,
  ReceiptRequest,
  Sender,
} from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { headerOf, isSame, queryOf, readReport, unreadable, unverified } from "../report.ts";
import { type Exchanged, outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { sentence } from "../words.ts";
import { limitOf } from "./audience.ts";
import { readCloudAnswer } from "./cloud-answer.ts";
import { cloudMessage } from "./cloud-message.ts";
import { faultOfSignature, readCloudWebhook } from "./cloud-webhook.ts";
import { MetaConfig } from "./meta-config.ts";
import { listPages, nextCursor, templatesOfPage } from "./template-list.ts";

const templateFields = "name,language,status,category,components,parameter_format,rejected_reason";
const numberFields = "display_phone_number,verified_name,quality_rating";
const limitField = "messaging_limit_tier";

/** WhatsApp by Meta's own Cloud API. */
export const metaProvider: Provider<MetaConfig> = {
  name: "meta",
  channels: ["whatsapp"],
  tokenServices: null,
  config: MetaConfig,
  secrets: ["accessToken", "appSecret", "verifyToken"],
  destinationOf: ({ baseUrl }) => new URL(baseUrl).origin,
  isRepeatSafe: () => false,
  echoesDeliveryId: () => true,
  hasTemplates: true,
  audienceLimit: (config) => limitOf(config, config.phoneNumberId),
  open: openSender,
  parseReceipts: parseMetaReceipts,
};

function openSender(config: MetaConfig, outside: Outside, { connections }: Opening): Sender {
  const { phoneNumberId, wabaId, accessToken, graphVersion, timeoutMs } = config;
  const { host, origin } = new URL(config.baseUrl);
  const http = openHttp1(outside, { connections, timeoutMs });
  const redact = createRedactor([accessToken, config.appSecret, config.verifyToken]);
  const authorization = ["authorization", `Bearer ${accessToken}`];
  const reading = () => ({
    ...{ host, redact, nowMs: Date.now() },
    address: "phoneNumberId, wabaId, graphVersion and baseUrl",
  });

  const get = (path: string, query: Record<string, string>, signal: AbortSignal): Promise<Exchanged> => {
    const whole = `/${graphVersion}/${path}?${new URLSearchParams(query)}`;
    return http.exchange({ origin, method: "GET", path: whole, headers: authorization, body: null }, signal);
  };

  return {
    async send(message, signal) {
      const body = JSON.stringify({ ...cloudMessage(message), biz_opaque_callback_data: message.deliveryId });
      const path = `/${graphVersion}/${phoneNumberId}/messages`;
      const headers = [...authorization, "content-type", "application/json"];
      const exchanged = await http.exchange({ origin, method: "POST", path, headers, body }, signal);
      if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
      return readCloudAnswer(exchanged, reading());
    },

    listTemplates: (signal) =>
      listPages({
        ...{ host, redact },
        fetch: (after) =>
          get(
            `${wabaId}/message_templates`,
            {
              ...{ fields: templateFields, limit: String(templatesOfPage) },
              ...(after === null ? {} : { after }),
            },
            signal,
          ),
        refuse: (answer) => readCloudAnswer(answer, reading()),
        read: (body) => ({ items: body.data, next: nextCursor(body) }),
      }),

    async check(signal) {
      const first = await get(phoneNumberId, { fields: `${numberFields},${limitField}` }, signal);
      // Versions of the API differ in whether they know this field, and refuse the others with it.
      const isRefused = first.kind === "answered" && first.status === 400;
      return checked(isRefused ? await get(phoneNumberId, { fields: numberFields }, signal) : first);
    },

    close: () => http.close(),
  };

  function checked(exchanged: Exchanged): CheckResult {
    const outcome =
      exchanged.kind === "broken"
        ? outcomeOfBroken(exchanged, redact)
        : readCloudAnswer(exchanged, reading());
    if (exchanged.kind === "broken" || "detail" in outcome)
      return { ok: false, detail: sentence("detail" in outcome ? outcome.detail : "") };
    const number = objectIn(exchanged.body);
    const said = [
      [wordOf(number.display_phone_number), ""],
      [wordOf(number.verified_name), "name "],
      [wordOf(number.quality_rating), "quality "],
      [wordOf(number[limitField]), "limit "],
    ].flatMap(([value, what]) => (value ? [`${what}${redact(value)}`] : []));
    const words = said.length > 0 ? `: ${said.join(", ")}` : "";
    return { ok: true, detail: `${host} lets us send from the number${words}. Nothing was sent to anybody.` };
  }
}

function parseMetaReceipts(config: MetaConfig, request: ReceiptRequest): ParsedReceipts {
  if (request.method === "GET") return confirm(config, request);
  const fault = faultOfSignature(
    {
      ...{ given: headerOf(request, "x-hub-signature-256"), header: "x-hub-signature-256" },
      ...{ secret: config.appSecret, member: "appSecret" },
    },
    request.body,
  );
  if (fault !== null) return unverified(fault);
  const report = readReport(request);
  if (typeof report !== "object" || report === null) return unreadable("the report is not JSON");
  return { ok: true, ...readCloudWebhook(report, config) };
}

/** Meta asks once, when the address is set, whether it is ours. */
function confirm({ verifyToken }: MetaConfig, request: ReceiptRequest): ParsedReceipts {
  if (queryOf(request, "hub.mode") !== "subscribe")
    return unreadable(
      "a GET is answered only when Meta asks whether the address is ours (hub.mode=subscribe)",
    );
  if (!isSame(queryOf(request, "hub.verify_token"), verifyToken))
    return unverified("hub.verify_token is not verifyToken of the account");
  const body = queryOf(request, "hub.challenge").slice(0, 200);
  return { ok: true, receipts: [], answer: { type: "text/plain", body } };
}
