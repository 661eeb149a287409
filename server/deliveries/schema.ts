import { z } from "zod";

/**
 * States of a delivery row, in the order they can be reached. `queued` recipients are still in chunks and have no row.
 * States only move forward.
 */
export const DeliveryState = z.enum([
  "waiting",
  "sent",
  "delivered",
  "seen",
  "clicked",
  "failed",
  "skipped",
  "expired",
  "cancelled",
  "unknown",
]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** Why a delivery ended as failed or skipped. */
export const DeliveryReason = z.enum([
  "device_not_found",
  "subscription_not_found",
  "opted_out",
  "removed",
  "uninstalled",
  "repeated",
  "not_connected",
]);
export type DeliveryReason = z.infer<typeof DeliveryReason>;

/** The reasons in words, as the API shows them. */
export const reasonTexts: Record<DeliveryReason, string> = {
  device_not_found: "Device not found",
  subscription_not_found: "Subscription not found",
  opted_out: "The user opted out",
  removed: "The device or its user was removed",
  uninstalled: "The app was removed from the device",
  repeated: "The device has the message already, as another user's",
  not_connected: "A live message, and the device was not connected",
};

/** Each recipient of a message is in exactly one count; `targeted` is their sum. */
export const DeliveryCounts = z
  .object({
    targeted: z.int(),
    queued: z.int(),
    waiting: z.int().describe("In the inbox; the device was not connected"),
    sent: z.int(),
    delivered: z.int(),
    seen: z.int(),
    clicked: z.int(),
    failed: z.int(),
    skipped: z.int(),
    expired: z.int(),
    cancelled: z.int(),
    unknown: z.int(),
  })
  .meta({ id: "DeliveryCounts" });
export type DeliveryCounts = z.infer<typeof DeliveryCounts>;

/** One message to one address of one user. */
export const Delivery = z
  .object({
    id: z.string().describe("Hash of message, user, address and occurrence"),
    userId: z.string(),
    installationId: z.string().nullable().describe("Null when the user has no device"),
    deviceType: z.string().nullable(),
    channel: z.literal("inbox"),
    state: DeliveryState,
    reason: DeliveryReason.nullable(),
    reasonText: z.string().nullable(),
    dismissed: z.boolean(),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
    deliveredAt: z.iso.datetime().nullable(),
    seenAt: z.iso.datetime().nullable(),
    clickedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.infer<typeof Delivery>;
