import { asObject, firstWord, objectsIn, wordOf } from "../json.ts";
import type { ParsedReceipts, ProviderReceipt, ReceiptRequest, ReceiptState } from "../provider.ts";
import { readReport, timeOf, unreadable } from "../report.ts";
import { wishOf } from "../stop-words.ts";
import type { KavenegarConfig } from "./kavenegar-config.ts";
import { phoneOf } from "./kavenegar-message.ts";

const sent = 4;
const sentToo = 5;
const failed = 6;
const delivered = 10;
const undelivered = 11;
const cancelled = 13;
const blocked = 14;

/** What Kavenegar's states mean. Those of a message that waits are passed over. */
const states = new Map<number, ReceiptState>([
  ...([sent, sentToo].map((status) => [status, "sent"]) as [number, ReceiptState][]),
  [delivered, "delivered"],
  ...([failed, undelivered, cancelled, blocked].map((status) => [status, "failed"]) as [
    number,
    ReceiptState,
  ][]),
]);

/**
 * Reads what Kavenegar calls us for: what became of a message (`messageid`, `status`), or what somebody wrote to the
 * line (`from`, `message`). It signs nothing; the address itself is the secret.
 */
export function parseKavenegarReceipts(config: KavenegarConfig, request: ReceiptRequest): ParsedReceipts {
  const report = readReport(request);
  if (typeof report !== "object" || report === null)
    return unreadable("the report is neither JSON nor a form nor a query");
  const items = Array.isArray(report) ? objectsIn(report) : [asObject(report)];
  return {
    ok: true,
    receipts: items.map(receiptOf).filter((receipt) => receipt !== null),
    wishes: items
      .map((item) => wishOf(config, phoneOf(wordOf(item.from)), firstWord(item.message, item.body)))
      .filter((wish) => wish !== null),
  };
}

function receiptOf(item: Record<string, unknown>): ProviderReceipt | null {
  const providerId = firstWord(item.messageid, item.messageId, item.message_id).slice(0, 512);
  const status = Number(wordOf(item.status) || Number.NaN);
  const state = states.get(status);
  if (!state || providerId === "") return null;
  const hasFailed = state === "failed";
  return {
    ...{ subject: { providerId }, state },
    at: timeOf(firstWord(item.date, item.statusdate, item.timestamp) || null),
    code: hasFailed ? `status_${status}` : null,
    detail: hasFailed ? wordOf(item.statustext).slice(0, 500) || null : null,
    isGone: false,
    ...(status === blocked ? { hasLeft: true } : {}),
    ...(status === undelivered ? { isUnreachable: true } : {}),
  };
}
