import type { DeliveryCounts } from "../../server/deliveries/schema.ts";

/** A state that a recipient is counted in; unlike a delivery row it may also still be queued. */
export type CountedState = Exclude<keyof DeliveryCounts, "targeted">;

/** Every state in the order the panel shows them: best first, then what is under way, then what went wrong. */
export const countedStates: readonly CountedState[] = [
  "clicked",
  "seen",
  "delivered",
  "sent",
  "waiting",
  "queued",
  "failed",
  "skipped",
  "expired",
  "cancelled",
  "unknown",
];

/** Steps of the funnel, top down. */
export type FunnelStep = "targeted" | "reached" | "delivered" | "seen" | "clicked";

/** How many got at least as far as each step. Counts are exclusive per state, so each step adds up what lies beyond. */
export function funnelOf(counts: DeliveryCounts): Record<FunnelStep, number> {
  const clicked = counts.clicked;
  const seen = counts.seen + clicked;
  const delivered = counts.delivered + seen;
  const reached = counts.sent + counts.waiting + delivered;
  return { targeted: counts.targeted, reached, delivered, seen, clicked };
}

/** Recipients that went out to a device: sent, or further. */
export function sentOf(counts: DeliveryCounts): number {
  return counts.sent + counts.delivered + counts.seen + counts.clicked;
}

/** Share of the recipients that have a state, 0 to 1. 1 when nobody is targeted. */
export function doneShare(counts: DeliveryCounts): number {
  return counts.targeted === 0 ? 1 : (counts.targeted - counts.queued) / counts.targeted;
}
