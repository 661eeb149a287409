import { z } from "zod";
import { isTimeZone } from "../lib/time-zones.ts";

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 22:00");

const Words = (most: number) => z.string().trim().min(1, "give a text, or null").max(most).nullable();

/** What an app keeps to. */
export const Settings = z
  .object({
    name: z.string().trim().min(1, "give the app a name").max(100).describe("What its users see it called"),
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
    defaultTexts: z
      .strictObject({
        title: Words(100).describe("Title of a push that brings none; null for the app's name"),
        alert: Words(500).describe(
          "Text of a push that brings none, as the one that tells a device of a message in its inbox; null for words of ours in the language of the device",
        ),
      })
      .describe("What a push shows where its message does not say. Taken as it is, without variables"),
    importFileDays: z
      .int()
      .min(1)
      .max(3650)
      .nullable()
      .describe(
        "Days after its end that the file of an import is kept, and what became of each row; null keeps them. Its totals stay, and who came by it",
      ),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof Settings>;

/** Body of `PATCH /api/settings`. */
export const SettingsChange = z.strictObject(Settings.shape).partial().meta({ id: "SettingsChange" });
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Answer of `/api/settings`: beside the app's own what the operator has set for all apps. */
export const SettingsAnswer = z
  .object({
    ...Settings.shape,
    operator: z
      .object({
        eventMonths: z
          .int()
          .nullable()
          .describe("EVENT_MONTHS: months of events that are kept; null keeps all"),
        messageMonths: z
          .int()
          .nullable()
          .describe("MESSAGE_MONTHS: months that it is kept what became of messages; null keeps all"),
      })
      .describe("Set by the environment of the server, for all apps"),
  })
  .meta({ id: "SettingsAnswer" });
export type SettingsAnswer = z.infer<typeof SettingsAnswer>;
