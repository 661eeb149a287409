import type { DeliveryReason, DeliveryState } from "../deliveries/schema.ts";

/** Why a recipient is not sent to, as it stands at the moment of sending. */
export interface Ruled {
  kind: "ruled";
  state: Extract<DeliveryState, "failed" | "skipped" | "expired" | "unknown" | "cancelled">;
  reason: DeliveryReason | null;
  detail: string | null;
}

export const ruled = (
  state: Ruled["state"],
  reason: DeliveryReason | null = null,
  detail: string | null = null,
): Ruled => ({ kind: "ruled", state, reason, detail });

/** Somebody to whom it is night: they get it when that is over. */
export interface Later {
  kind: "later";
  until: Date;
}
