import { z } from "zod";
import { readDay } from "../lib/dates.ts";
import { isTimeZone } from "../lib/time-zones.ts";
import { WinnerMeasure } from "../messages/schema.ts";

/** Stands for a zone where each user's own clock counts. */
export const usersOwn = "user";

const Day = z
  .string()
  .refine((day) => day.length === 10 && readDay(day) !== null, "expected a day such as 2026-12-01");
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 10:00");

const TimeZone = z
  .string()
  .max(64)
  .refine((zone) => zone === usersOwn || isTimeZone(zone), {
    error: `expected a time zone such as Asia/Tehran, or ${usersOwn} for each user's own`,
  })
  .describe("IANA name, or `user` for each user's own clock; the app's if missing");

/** The days of a week. */
export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** When a campaign goes. */
export const Schedule = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("now") }),
    z.strictObject({
      kind: z.literal("at"),
      day: Day,
      time: TimeOfDay,
      timeZone: TimeZone.optional(),
    }),
    z.strictObject({
      kind: z.literal("recurring"),
      every: z.enum(["day", "week", "month"]),
      interval: z.int().min(1).max(100).default(1).describe("Every so many days, weeks or months"),
      weekdays: z
        .array(z.enum(weekdays))
        .min(1)
        .max(7)
        .optional()
        .describe("Of weeks: on which days; the day of `from` if missing"),
      monthDay: z
        .int()
        .min(1)
        .max(31)
        .optional()
        .describe("Of months: on which day, the last one of shorter months; that of `from` if missing"),
      time: TimeOfDay,
      timeZone: TimeZone.optional(),
      from: Day.describe("The first day on which it may go"),
      until: Day.optional().describe("The last one; for ever if missing"),
      runs: z.int().min(1).max(1000).optional().describe("How often in all"),
    }),
  ])
  .meta({ id: "Schedule" });
export type Schedule = z.infer<typeof Schedule>;

/** What a campaign keeps to. */
export const Limits = z
  .strictObject({
    throttle: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Recipients a minute at most, evenly; as fast as the provider takes it if missing"),
    quietHours: z
      .boolean()
      .default(true)
      .describe("Whether it waits for the end of the app's quiet hours, by each user's clock"),
    cap: z
      .boolean()
      .default(true)
      .describe("Whether it counts for the app's frequency cap, and skips who had enough"),
  })
  .meta({ id: "CampaignLimits" });
export type Limits = z.infer<typeof Limits>;

/** A part of the audience goes first; the others once somebody has looked at it. */
export const Rollout = z
  .strictObject({ share: z.int().min(1).max(99).describe("Per cent of the audience that go first") })
  .meta({ id: "Rollout" });
export type Rollout = z.infer<typeof Rollout>;

/** How the better content of several is found. */
export const Winner = z
  .strictObject({
    share: z.int().min(1).max(99).describe("Per cent of the audience that the contents are tried on"),
    by: WinnerMeasure.default("clicked").describe("The share of those sent to that came so far"),
    after: z
      .int()
      .min(60)
      .max(14 * 86_400)
      .optional()
      .describe("Seconds from its start until the best goes to the rest; missing: somebody decides"),
  })
  .meta({ id: "Winner" });
export type Winner = z.infer<typeof Winner>;
