import { z } from "zod";
import { Channel } from "../channels/schema.ts";

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

/** Why a delivery ended as failed, skipped or unknown. */
export const DeliveryReason = z.enum([
  "device_not_found",
  "subscription_not_found",
  "opted_out",
  "removed",
  "uninstalled",
  "repeated",
  "not_connected",
  "no_address",
  "suppressed",
  "template_failed",
  "missing_variable",
  "capped",
  "already_shown",
  "connected",
  "no_account",
  "rejected",
  "address_gone",
  "attempts_exhausted",
  "undelivered",
  "outcome_unknown",
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
  no_address: "The user has no address for this channel",
  suppressed: "The address was found dead before",
  template_failed: "The template could not be filled in for this user",
  missing_variable: "The user has no value for a variable of the template",
  capped: "The user had as many messages as the frequency cap lets through",
  already_shown: "The message was shown before this step was due",
  connected: "A device of the user is connected and has the message in its inbox",
  no_account: "No account of a provider serves this channel",
  rejected: "The provider refused the message",
  address_gone: "The provider says that the address is dead",
  attempts_exhausted: "Tried several times without success",
  undelivered: "The provider could not deliver it",
  outcome_unknown: "It may have gone out, and was not repeated",
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

/** What a log can be narrowed to: the states of rows, and those who are still queued in chunks. */
export const LogState = z.enum(["queued", ...DeliveryState.options]);
export type LogState = z.infer<typeof LogState>;

/** How many recipients ended in one way for one reason. */
export const ReasonCount = z
  .object({
    state: DeliveryState,
    reason: DeliveryReason,
    reasonText: z.string(),
    code: z.string().nullable().describe("The provider's own code, where it gave one"),
    count: z.int(),
  })
  .meta({ id: "ReasonCount" });
export type ReasonCount = z.infer<typeof ReasonCount>;

/** One message to one address of one user. */
export const Delivery = z
  .object({
    id: z.string().describe("Hash of message, user, address and occurrence"),
    userId: z.string(),
    installationId: z
      .string()
      .nullable()
      .describe("Null when the user has no device, or the channel needs none"),
    deviceType: z.string().nullable(),
    channel: Channel,
    state: LogState,
    reason: DeliveryReason.nullable(),
    reasonText: z.string().nullable(),
    code: z.string().nullable().describe("The provider's own code for the reason"),
    detail: z.string().nullable().describe("What the provider said, in words"),
    attempts: z.int().describe("How often it was handed to a provider; 0 before the first time"),
    providerId: z.string().nullable().describe("What the provider calls the message"),
    account: z.string().nullable().describe("Name of the provider's account that carried it"),
    nextAttemptAt: z.iso
      .datetime()
      .nullable()
      .describe("Of a queued recipient that waits for another attempt"),
    dismissed: z.boolean(),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
    deliveredAt: z.iso.datetime().nullable(),
    seenAt: z.iso.datetime().nullable(),
    clickedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.infer<typeof Delivery>;

/** What people did with a message beside its states. */
export const engagementKinds = [
  "opened",
  "prefetched",
  "clicked",
  "scanned",
  "left",
  "complained",
  "acted",
] as const;
export type EngagementKind = (typeof engagementKinds)[number];

const Tally = z.object({
  people: z.int().describe("Recipients, each once"),
  times: z.int().describe("How often in all"),
});

/** Answer of `GET /api/messages/{id}/engagement`. Machines are counted apart: they change no state. */
export const Engagement = z
  .object({
    opened: Tally.describe("By people, as far as can be told"),
    prefetched: Tally.describe("Images that a machine loaded: Apple's privacy proxy, scanners of mail"),
    clicked: Tally,
    scanned: Tally.describe("Links that a machine followed"),
    left: Tally.describe("Who asked to hear no more by a link of this message"),
    complained: Tally.describe("Who called it spam"),
    acted: Tally.describe("Who chose one of the buttons of the notification"),
    actions: z.array(
      z.object({
        action: z.int().describe("Its place in the notification, from 1"),
        id: z.string(),
        title: z.string(),
        acted: Tally,
      }),
    ),
    links: z.array(
      z.object({
        link: z.int().describe("Its place in the message, from 1"),
        url: z.string().describe("As it was written, variables included"),
        clicked: Tally,
        scanned: Tally,
      }),
    ),
  })
  .meta({ id: "Engagement" });
export type Engagement = z.infer<typeof Engagement>;
