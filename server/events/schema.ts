import { z } from "zod";
import { parseMoment } from "../lib/dates.ts";
import { EventName } from "./track-schema.ts";

const average = z.number().nullable().describe("Of the values that are numbers; null when there are none");

/** What all events of a name add up to. */
export const EventSummary = z
  .object({
    name: z.string(),
    count: z.int().describe("Events, also those that are no longer in the timeline"),
    users: z.int().describe("Users who have done it"),
    sum: z.number().describe("Of the values that are numbers"),
    average,
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
  })
  .meta({ id: "EventSummary" });
export type EventSummary = z.infer<typeof EventSummary>;

export const EventNamesQuery = z.object({
  search: z.string().trim().max(128).optional().describe("Part of the name, in any case"),
});

export const Interval = z.enum(["hour", "day", "week", "month"]);
export type Interval = z.infer<typeof Interval>;

const momentDetail = "expected a moment or a day, such as 2026-05-02 or 2026-05-02T18:00:00Z";
const Moment = z
  .string()
  .refine((text) => parseMoment(text) !== null, momentDetail)
  .optional();

const range = {
  from: Moment.describe(
    "From this moment on; a day begins in the app's time zone. Thirty days ago if missing",
  ),
  to: Moment.describe("Before this moment; of a day all of it counts. Now if missing"),
  segment: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Only what members of this segment did, by name or id"),
};

export const SeriesQuery = z.object({ ...range, interval: Interval.default("day") });
export type SeriesQuery = z.infer<typeof SeriesQuery>;

const Totals = z.object({
  count: z.int(),
  users: z.int().describe("Different users"),
  sum: z.number(),
  average,
});

const Range = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timeZone: z.string().describe("IANA name; intervals begin in it"),
});

export const Series = Range.extend({
  name: z.string(),
  interval: Interval,
  points: z.array(Totals.extend({ at: z.iso.datetime().describe("Start of the interval") })),
  total: Totals,
}).meta({ id: "EventSeries" });
export type Series = z.infer<typeof Series>;

const asList = (value: unknown) => (typeof value === "string" ? [value] : value);

export const FunnelQuery = z.object({
  step: z
    .preprocess(
      asList,
      z.array(EventName).min(2, "expected at least two steps").max(10, "expected at most ten steps"),
    )
    .describe("Names of events, in order: ?step=view&step=addToCart&step=purchase"),
  ...range,
  order: z
    .enum(["strict", "any"])
    .default("strict")
    .describe("strict: each step after the one before it; any: all steps up to it, in any order"),
  withinHours: z.coerce
    .number()
    .positive()
    .max(24 * 366)
    .optional()
    .describe("With order=strict: how long after the first step a step still counts"),
});
export type FunnelQuery = z.infer<typeof FunnelQuery>;

export const Funnel = Range.extend({
  steps: z.array(
    z.object({
      name: z.string(),
      users: z.int().describe("Who came this far"),
      ofFirst: z.number().describe("Share of those of the first step, 0 to 1"),
      ofPrevious: z.number().describe("Share of those of the step before, 0 to 1"),
      medianSeconds: z
        .number()
        .nullable()
        .describe(
          "From the first step to this one, at the median user; null with order=any, and for the first",
        ),
    }),
  ),
}).meta({ id: "EventFunnel" });
export type Funnel = z.infer<typeof Funnel>;

export const CohortQuery = z.object({
  first: EventName.describe("What makes a user a member: the first time in the range"),
  return: EventName.describe("What counts as coming back"),
  ...range,
  interval: z.enum(["day", "week", "month"]).default("week"),
});
export type CohortQuery = z.infer<typeof CohortQuery>;

export const Cohorts = Range.extend({
  interval: Interval,
  cohorts: z.array(
    z.object({
      at: z.iso.datetime().describe("Start of the interval in which its members did it first"),
      users: z.int().describe("Members"),
      returned: z
        .array(z.int())
        .describe(
          "Members who came back, in the interval of the first time and in each later one that has begun",
        ),
    }),
  ),
}).meta({ id: "EventCohorts" });
export type Cohorts = z.infer<typeof Cohorts>;

/** What one user has done of a name. */
export const Behaviour = z
  .object({
    name: z.string(),
    count: z.int(),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    lastValue: z
      .union([z.number(), z.string()])
      .nullable()
      .describe("Value of the last event; null when it had none"),
    sum: z.number().nullable().describe("Of the values that are numbers; null when there are none"),
    average: z.number().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
  })
  .meta({ id: "Behaviour" });
export type Behaviour = z.infer<typeof Behaviour>;
