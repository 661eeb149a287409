import { z } from "zod";
import { isTimeZone } from "../lib/time-zones.ts";

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 22:00");

/** What an app keeps to. */
export const Settings = z
  .object({
    timeZone: z
      .string()
      .refine(isTimeZone, "expected a time zone such as Asia/Tehran")
      .describe("IANA name; days are counted in it, and it stands for that of users who have none"),
    quietHours: z
      .strictObject({ from: TimeOfDay, to: TimeOfDay })
      .refine(({ from, to }) => from !== to, { path: ["to"], error: "must not be the same as from" })
      .nullable()
      .describe("By each user's clock: campaigns wait until it is over. May go over midnight"),
    frequencyCap: z
      .strictObject({
        messages: z.int().min(1).max(50),
        hours: z.int().min(1).max(720).describe("Any so many hours, one after another"),
      })
      .nullable()
      .describe("How many campaigns a user gets at most, over all channels; the others skip them"),
    requiresUserHash: z
      .boolean()
      .describe(
        "Whether a device that logs somebody in with a public key must prove it by `userHash`, the HMAC-SHA256 of the user id",
      ),
    publicEvents: z
      .array(
        z
          .string()
          .max(100)
          .regex(/^[^\s/+#]+$/, "expected the name of an event, without spaces and / + #"),
      )
      .max(100)
      .describe("Realtime events that every device of the app may listen to, whoever publishes them"),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof Settings>;

/** Body of `PATCH /api/settings`. */
export const SettingsChange = z.strictObject(Settings.shape).partial().meta({ id: "SettingsChange" });
export type SettingsChange = z.infer<typeof SettingsChange>;
