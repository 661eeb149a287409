import { z } from "zod";
import { DeliveryReason, DeliveryState } from "../deliveries/schema.ts";
import { PageQuery } from "../lib/page.ts";

export const TimelineQuery = PageQuery.extend({
  kind: z
    .enum(["event", "message"])
    .optional()
    .describe("Only what the user did, or only what they were sent"),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

const TimelineEvent = z.object({
  kind: z.literal("event"),
  id: z.string(),
  at: z.iso.datetime(),
  name: z.string(),
  value: z.union([z.number(), z.string()]).nullable(),
  data: z.record(z.string(), z.unknown()),
  installationId: z.string().nullable().describe("On which device, as far as it was said"),
  influence: z
    .object({ messageId: z.string(), isDirect: z.boolean() })
    .nullable()
    .describe(
      "The message that reached the user within the twelve hours before; direct when they had clicked it",
    ),
});

const TimelineMessage = z.object({
  kind: z.literal("message"),
  id: z.string().describe("Of the message"),
  at: z.iso.datetime().describe("When the message was accepted"),
  channel: z.literal("inbox"),
  content: z.string(),
  deliveries: z
    .array(
      z.object({
        installationId: z.string().nullable(),
        deviceType: z.string().nullable(),
        state: DeliveryState,
        reason: DeliveryReason.nullable(),
        reasonText: z.string().nullable(),
        sentAt: z.iso.datetime().nullable(),
        deliveredAt: z.iso.datetime().nullable(),
        seenAt: z.iso.datetime().nullable(),
        clickedAt: z.iso.datetime().nullable(),
      }),
    )
    .describe("One a device"),
});

/** What happened with a user: what they did, and what they were sent. */
export const TimelineItem = z
  .discriminatedUnion("kind", [TimelineEvent, TimelineMessage])
  .meta({ id: "TimelineItem" });
export type TimelineItem = z.infer<typeof TimelineItem>;

/** What was deleted for good, and where that is written down. */
export const Erased = z
  .object({
    auditId: z.string().describe("The entry of GET /api/audit that proves it"),
    subject: z.string().describe("sha-256 of `<appId>/<userId>` in hex: what the proof calls the user"),
    installations: z.int(),
    events: z.int(),
    segments: z.int(),
    deliveries: z.int().describe("Made nobody's: a message goes on counting its recipients"),
    messages: z.int().describe("Sent to the user by id, which no longer name them"),
    files: z.int().describe("Files of imports that had the user in them"),
  })
  .meta({ id: "Erased" });
export type Erased = z.infer<typeof Erased>;
