import { asObject, firstWord, objectsIn, wordOf } from "../json.ts";
import type {
  ParsedReceipts,
  ProviderReceipt,
  ProviderWish,
  ReceiptRequest,
  ReceiptState,
} from "../provider.ts";
import { deliveryOfAddress, faultOfToken, readReport, timeOf, unreadable, unverified } from "../report.ts";
import { type WordLists, wishOf } from "../stop-words.ts";
import { digitsOf } from "./phone.ts";

/** What Kaleyra's words mean, written in small letters alone. Others are passed over. */
const states: Readonly<Record<string, ReceiptState>> = {
  ...{ sent: "sent", delivered: "delivered", delivrd: "delivered", read: "seen" },
  ...{ failed: "failed", undelivered: "failed", undeliv: "failed", notsent: "failed" },
  ...{ rejected: "failed", rejectd: "failed", expired: "failed", blocked: "failed" },
};

/**
 * Reads a report. What is in it is up to the callback profile, so that every name is taken which Kaleyra has for a
 * thing: a query, a form, JSON, or a list of them.
 * Source: https://developers.kaleyra.io/docs/sms-callback
 */
export function parseKaleyraReceipts(
  config: WordLists & { receiptsToken?: string | undefined },
  request: ReceiptRequest,
): ParsedReceipts {
  const opened = openKaleyraReport(config.receiptsToken, request);
  if (!opened.ok) return opened;
  const news = opened.items.map((item) => readKaleyraItem(item, { words: config, named: opened.named }));
  return {
    ok: true,
    receipts: news.flatMap(({ receipts }) => receipts),
    wishes: news.flatMap(({ wishes }) => wishes),
  };
}

/** The items of a report that may be believed, and the delivery that its address names; empty where it names none. */
export function openKaleyraReport(
  token: string | undefined,
  request: ReceiptRequest,
): { ok: true; items: Record<string, unknown>[]; named: string } | Extract<ParsedReceipts, { ok: false }> {
  const fault = faultOfToken(request, token);
  if (fault !== null) return unverified(fault);
  const report = readReport(request);
  if (typeof report !== "object" || report === null)
    return unreadable("the report is neither JSON nor a form nor a query");
  const items = Array.isArray(report) ? objectsIn(report) : [asObject(report)];
  return { ok: true, items, named: deliveryOfAddress(request) };
}

/** What became of a message, or what somebody wrote: a callback profile may have both. */
export function readKaleyraItem(
  item: Record<string, unknown>,
  { words, named }: { words: WordLists; named: string },
): { receipts: ProviderReceipt[]; wishes: ProviderWish[] } {
  const receipt = receiptOf(item, named);
  const wish = wishIn(item, words);
  return { receipts: receipt ? [receipt] : [], wishes: wish ? [wish] : [] };
}

function receiptOf(item: Record<string, unknown>, named: string): ProviderReceipt | null {
  const word = wordOf(item.status)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  const deliveryId = named || wordOf(item.ref).slice(0, 128);
  const providerId = firstWord(item.message_id, item.id, item.mid, item.messageid, item.kid).slice(0, 512);
  if (!state || (deliveryId === "" && providerId === "")) return null;
  const hasFailed = state === "failed";
  return {
    subject: deliveryId === "" ? { providerId } : { deliveryId },
    state,
    at: timeOf(firstWord(item.timestamp, item.ts, item.delivered_at, item.sent_at, item.time) || null),
    code: hasFailed ? firstWord(item.error_code, item.code, item.error).slice(0, 64) || word : null,
    detail: hasFailed
      ? firstWord(item.error_message, item.reason, item.description, item.error, item.status).slice(0, 500)
      : null,
    // Of a number that is wrong and of a phone that is switched off Kaleyra says the same.
    isGone: false,
    ...(word === "undelivered" || word === "undeliv" || word === "expired" ? { isUnreachable: true } : {}),
  };
}

function wishIn(item: Record<string, unknown>, words: WordLists) {
  const from = digitsOf(firstWord(item.from, item.source, item.mobile));
  return wishOf(words, from, firstWord(item.message, item.body, item.text));
}
