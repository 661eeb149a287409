import type { ReceiptState } from "../channels/provider.ts";
import type { DeliveryState } from "./schema.ts";

export type { ReceiptState } from "../channels/provider.ts";

const rank: Record<DeliveryState, number> = {
  waiting: 0,
  // It may have gone out: any word about it knows more.
  unknown: 1,
  sent: 2,
  // Ends that proof of its arrival outranks, and a mere "sent" does not.
  expired: 3,
  failed: 3,
  delivered: 4,
  seen: 5,
  clicked: 6,
  // Never given to a channel, so no report can speak of it.
  skipped: 7,
  cancelled: 7,
};

/**
 * The state after a receipt. States only move forward, so receipts may come in any order and more than once: the
 * result is the same.
 */
export function advance(state: DeliveryState, receipt: ReceiptState): DeliveryState {
  return rank[receipt] > rank[state] ? receipt : state;
}
