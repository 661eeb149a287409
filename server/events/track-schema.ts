import { z } from "zod";
import { InstallationId, UserId } from "../installations/schema.ts";
import { isSmall } from "../users/attribute-values.ts";
import { maxObjectBytes, maxObjectDepth } from "../users/limits.ts";
import { earliestEvent, futureMs, maxBulk, maxEventName } from "./limits.ts";

const isObject = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;

const eventNameDetail = `expected a name of 1 to ${maxEventName} characters, without control characters`;
export const EventName = z
  .string(eventNameDetail)
  .min(1, eventNameDetail)
  .max(maxEventName, eventNameDetail)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, eventNameDetail);

const momentDetail = "expected milliseconds since 1970, or a moment as 2024-05-02T18:21:07Z";

/** Milliseconds, as a number or its digits; ISO 8601 is taken as well. */
const EventTime = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^-?\d+$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform(Date.parse),
    ],
    momentDetail,
  )
  .superRefine((time, context) => {
    if (time < earliestEvent) {
      const hint = time > 0 ? "; seconds must be multiplied by 1,000" : "";
      context.addIssue({
        code: "custom",
        message: `expected milliseconds since 1970, after the year 2000${hint}`,
      });
    } else if (!(time <= Date.now() + futureMs)) {
      context.addIssue({ code: "custom", message: "lies more than a day in the future" });
    }
  })
  .describe("When it happened, in milliseconds since 1970; without it now");

const EventData = z
  .record(z.string(), z.unknown())
  .refine(isSmall, `expected an object of at most ${maxObjectDepth} levels and ${maxObjectBytes / 1024} KB`)
  .describe("Anything worth keeping; `value` is counted up: a number adds to sum, average, least and most");

const who = {
  userId: UserId.optional().describe("Who did it; made if there is none"),
  installationId: InstallationId.optional().describe("Instead: on which device; its owner did it"),
};
const when = {
  eventTime: EventTime.optional(),
  eventId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The sender's own id: the same id is the same event, however often it is sent"),
};
const whose = {
  path: ["userId"],
  error: "give either userId or installationId",
  when: isObject,
};
const isOneOf = ({
  userId,
  installationId,
}: {
  userId?: string | undefined;
  installationId?: string | undefined;
}) => (userId === undefined) !== (installationId === undefined);

export const TrackRequest = z
  .looseObject({ ...who, eventName: EventName, ...when, eventData: EventData.optional() })
  .refine(isOneOf, whose)
  .meta({ id: "TrackRequest" });
export type TrackRequest = z.infer<typeof TrackRequest>;

const money = {
  revenue: z.number("expected a number").describe("Becomes the value of the event"),
  currency: z
    .string()
    .trim()
    .min(1)
    .max(16)
    .transform((code) => code.toUpperCase())
    .optional()
    .describe("As RIAL or EUR, in any case"),
};

export const TrackPurchaseRequest = z
  .looseObject({
    ...who,
    eventName: EventName.default("Purchase"),
    ...money,
    ...when,
    eventData: EventData.optional(),
  })
  .refine(isOneOf, whose)
  .meta({ id: "TrackPurchaseRequest" });

export const TrackRevenueRequest = z
  .looseObject({ ...who, ...money, ...when, eventData: EventData.optional() })
  .refine(isOneOf, whose)
  .meta({ id: "TrackRevenueRequest" });

/** Items are checked one by one: what is wrong with one does not keep out the others. */
export const TrackBulkRequest = z
  .array(z.unknown(), "expected an array of events")
  .max(maxBulk, `expected at most ${maxBulk} events; send the rest in another call`)
  .meta({ id: "TrackBulkRequest", description: "Events as for `track`, at most 1,000" });

export const TrackAnswer = z
  .object({
    queued: z.literal(true),
    n: z.int().describe("Events that were taken; they are stored when this answer comes"),
    refused: z
      .array(z.object({ index: z.int(), pointer: z.string(), detail: z.string() }))
      .optional()
      .describe("Items that were not taken, and why; not there when all were"),
  })
  .meta({ id: "TrackAnswer" });
export type TrackAnswer = z.infer<typeof TrackAnswer>;
