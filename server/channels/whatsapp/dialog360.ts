import { hash } from "node:crypto";
import type { Opening, Outside, ParsedReceipts, Provider, ReceiptRequest, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { headerOf, isSame, readReport, unreadable, unverified } from "../report.ts";
import { type Exchanged, outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { sentence } from "../words.ts";
import { limitOf } from "./audience.ts";
import { cloudMessage } from "./cloud-message.ts";
import { faultOfSignature, readCloudWebhook } from "./cloud-webhook.ts";
import { readDialog360Answer } from "./dialog360-answer.ts";
import { Dialog360Config } from "./dialog360-config.ts";
import { listPages, templatesOfPage } from "./template-list.ts";

const templatesPath = "/v1/configs/templates";

/** WhatsApp by 360dialog, which passes the Cloud API on and adds errors of its own. */
export const dialog360Provider: Provider<Dialog360Config> = {
  name: "360dialog",
  channels: ["whatsapp"],
  tokenServices: null,
  config: Dialog360Config,
  secrets: ["apiKey", "webhookToken", "platformSecret"],
  destinationOf: ({ baseUrl }) => new URL(baseUrl).origin,
  isRepeatSafe: () => false,
  echoesDeliveryId: () => true,
  hasTemplates: true,
  // The number itself is not known here; each has a key of its own.
  audienceLimit: (config) => limitOf(config, `360dialog-${hash("sha256", config.apiKey).slice(0, 16)}`),
  open: openSender,
  parseReceipts: parseDialog360Receipts,
};

function openSender(config: Dialog360Config, outside: Outside, { connections }: Opening): Sender {
  const { apiKey, webhookToken, platformSecret, timeoutMs } = config;
  const { host, origin } = new URL(config.baseUrl);
  const http = openHttp1(outside, { connections, timeoutMs });
  const redact = createRedactor(
    [apiKey, webhookToken, platformSecret].filter((secret) => secret !== undefined),
  );
  const key = ["D360-API-KEY", apiKey];
  const reading = () => ({ host, redact, nowMs: Date.now(), address: "baseUrl" });

  const templatesFrom = (offset: number, limit: number, signal: AbortSignal): Promise<Exchanged> => {
    const path = `${templatesPath}?limit=${limit}&offset=${offset}`;
    return http.exchange({ origin, method: "GET", path, headers: key, body: null }, signal);
  };

  return {
    async send(message, signal) {
      const body = JSON.stringify({ ...cloudMessage(message), biz_opaque_callback_data: message.deliveryId });
      const headers = [...key, "content-type", "application/json"];
      const exchanged = await http.exchange(
        { origin, method: "POST", path: "/messages", headers, body },
        signal,
      );
      if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
      return readDialog360Answer(exchanged, reading());
    },

    listTemplates: (signal) =>
      listPages({
        ...{ host, redact },
        fetch: (after) => templatesFrom(Number(after ?? 0), templatesOfPage, signal),
        refuse: (answer) => readDialog360Answer(answer, reading()),
        read(body, after) {
          const items = body.waba_templates;
          const end = Number(after ?? 0) + (Array.isArray(items) ? items.length : 0);
          // Where it does not say how many there are, a page that is full has another one after it.
          const total = typeof body.total === "number" ? body.total : null;
          const hasMore = total === null ? end - Number(after ?? 0) >= templatesOfPage : end < total;
          return { items, next: hasMore ? String(end) : null };
        },
      }),

    async check(signal) {
      const exchanged = await templatesFrom(0, 1, signal);
      const outcome =
        exchanged.kind === "broken"
          ? outcomeOfBroken(exchanged, redact)
          : readDialog360Answer(exchanged, reading());
      if ("detail" in outcome) return { ok: false, detail: sentence(outcome.detail) };
      return { ok: true, detail: `${host} takes the key and lists templates. Nothing was sent to anybody.` };
    },

    close: () => http.close(),
  };
}

function parseDialog360Receipts(config: Dialog360Config, request: ReceiptRequest): ParsedReceipts {
  const fault = faultOfReport(config, request);
  if (fault !== null) return unverified(fault);
  const report = readReport(request);
  if (request.method === "GET" || typeof report !== "object" || report === null)
    return unreadable("the report is not JSON");
  return { ok: true, ...readCloudWebhook(report, config) };
}

/** Null for a report that has all that the account expects of it. */
function faultOfReport(
  { webhookToken, platformSecret }: Dialog360Config,
  request: ReceiptRequest,
): string | null {
  if (webhookToken !== undefined) {
    const given = headerOf(request, "authorization");
    if (given === "") return "the header authorization is missing";
    if (!isSame(given.replace(/^bearer /i, ""), webhookToken.replace(/^bearer /i, "")))
      return "the header authorization is not webhookToken of the account";
  }
  if (platformSecret === undefined) return null;
  const header = "x-360dialog-signature";
  const given = headerOf(request, header);
  return faultOfSignature({ given, header, secret: platformSecret, member: "platformSecret" }, request.body);
}
