import { asObject, wordOf } from "../json.ts";
import type { ParsedReceipts, ReceiptRequest } from "../provider.ts";
import { openKaleyraReport, readKaleyraItem } from "../sms/kaleyra-receipts.ts";
import { type CloudNews, joinNews, readChange, readCloudWebhook, templateNewsIn } from "./cloud-webhook.ts";
import type { KaleyraWhatsappConfig } from "./kaleyra-config.ts";

/**
 * Reads a report: of the second version a change of the Cloud API in `meta_object`, else whatever the callback profile
 * is made of.
 * Source: https://developers.kaleyra.io/docs/wa-status-update-webhooks-payload-v2-sent
 */
export function parseKaleyraWhatsappReceipts(
  config: KaleyraWhatsappConfig,
  request: ReceiptRequest,
): ParsedReceipts {
  const opened = openKaleyraReport(config.receiptsToken, request);
  if (!opened.ok) return opened;
  const read = (item: Record<string, unknown>): CloudNews => {
    if (item.entry !== undefined) return readCloudWebhook(item, config);
    const named = opened.named || wordOf(asObject(item.extra_info).ref).slice(0, 128);
    const change = asObject(item.meta_object);
    if (change.value !== undefined) return readChange(change, config, named);
    const template = templateNewsIn(item);
    const flat = readKaleyraItem(item, { words: config, named: opened.named });
    return { ...flat, people: [], templates: template ? [template] : [] };
  };
  return { ok: true, ...joinNews(opened.items.map(read)) };
}
