import type { ReceiptState } from "../channels/provider.ts";
import type { DeliveryState } from "./schema.ts";

export type { ReceiptState } from "../channels/provider.ts";

const rank: Record<DeliveryState, number> = {
  waiting: 0,
  sent: 1,
  delivered: 2,
  seen: 3,
  clicked: 4,
  // Proof that it arrived after all outranks these ends, a mere "sent" does not.
  expired: 1,
  unknown: 1,
  failed: 1,
  // Never given to a channel, so no report can speak of it.
  skipped: 5,
  cancelled: 5,
};

/**
 * The state after a receipt. States only move forward, so receipts may come in any order and more than once: the
 * result is the same.
 */
export function advance(state: DeliveryState, receipt: ReceiptState): DeliveryState {
  return rank[receipt] > rank[state] ? receipt : state;
}
