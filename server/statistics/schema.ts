import { z } from "zod";
import { DeliveryCounts } from "../deliveries/schema.ts";

/** How the recipients of a message that were sent to went on: shares are from 0 to 1. */
const Rates = z.object({
  delivered: z.number().describe("Of those sent to"),
  seen: z.number(),
  clicked: z.number(),
  failed: z.number().describe("Of all"),
});

/** Answer of `GET /api/messages/{id}/statistics`: what the report shows besides its counts. */
export const MessageStatistics = z
  .object({
    platforms: z
      .array(z.object({ platform: z.string().describe("Type of the devices"), counts: DeliveryCounts }))
      .describe("Of inbox and push; devices that were removed since are `unknown`. Most first"),
    trend: z
      .object({
        step: z.int().describe("Seconds from one point to the next"),
        points: z
          .array(
            z.object({
              at: z.iso.datetime(),
              ...{ sent: z.int(), delivered: z.int(), seen: z.int(), clicked: z.int(), failed: z.int() },
            }),
          )
          .describe("What happened in each step, from the first that had anything to the last"),
      })
      .describe("48 points at most"),
    influence: z
      .object({
        events: z.array(
          z.object({
            name: z.string(),
            direct: z.int().describe("After a click on the message"),
            indirect: z.int().describe("After it was received"),
            users: z.int(),
            value: z.number().describe("Sum of their values"),
          }),
        ),
        revenue: z.number().describe("Of purchases and revenue events"),
      })
      .describe("Events within twelve hours of the message"),
    rates: Rates,
    average: Rates.extend({ messages: z.int().describe("How many it is the average of") })
      .nullable()
      .describe("Of the campaigns on the same channel in the 90 days before; null when there was none"),
  })
  .meta({ id: "MessageStatistics" });
export type MessageStatistics = z.infer<typeof MessageStatistics>;
