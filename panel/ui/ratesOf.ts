import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { funnelOf } from "./funnel.ts";

/** What of a message is compared with others, and of how many it is a part. */
export interface Rate {
  value: number;
  of: number;
}

/** The rates of a message: of those that it was sent to; what failed of all. */
export function ratesOf(counts: DeliveryCounts): Record<"delivered" | "seen" | "clicked" | "failed", Rate> {
  const { reached, delivered, seen, clicked, targeted } = funnelOf(counts);
  return {
    delivered: { value: delivered, of: reached },
    seen: { value: seen, of: reached },
    clicked: { value: clicked, of: reached },
    failed: { value: counts.failed, of: targeted },
  };
}
