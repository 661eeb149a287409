import type { Channel } from "../../server/channels/schema.ts";
import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { isByPhone } from "./channels.tsx";
import { funnelOf } from "./funnel.ts";

/** What of a message is compared with others, and of how many it is a part. */
export interface Rate {
  value: number;
  of: number;
}

export const rateNames = ["delivered", "seen", "clicked", "failed"] as const;
export type RateName = (typeof rateNames)[number];

/** Those that a channel can tell: texts say nothing of having been seen, and neither they nor WhatsApp of clicks. */
export const ratesOn = (channel: Channel): readonly RateName[] =>
  rateNames.filter(
    (name) => !(channel === "sms" && name === "seen") && !(isByPhone(channel) && name === "clicked"),
  );

/** The rates of a message: of those that it was sent to; what failed of all. */
export function ratesOf(counts: DeliveryCounts): Record<RateName, Rate> {
  const { reached, delivered, seen, clicked, targeted } = funnelOf(counts);
  return {
    delivered: { value: delivered, of: reached },
    seen: { value: seen, of: reached },
    clicked: { value: clicked, of: reached },
    failed: { value: counts.failed, of: targeted },
  };
}
