import { z } from "zod";
import { Channel } from "../channels/schema.ts";

const Sends = z.object({
  targeted: z.int().describe("Recipients of messages that were accepted then"),
  sent: z.int().describe("Handed to their channel, with those that came further"),
  delivered: z.int().describe("Arrived, with those that were read"),
  seen: z.int(),
  clicked: z.int(),
  failed: z.int(),
});
export type Sends = z.infer<typeof Sends>;

const Numbers = Sends.extend({
  users: z.int().describe("New ones, without those that are no more"),
  installations: z.int().describe("New devices, the same"),
  visits: z.int().describe("Registrations that came with a launchCount: apps and pages that were opened"),
  uninstalls: z.int(),
});
export type Numbers = z.infer<typeof Numbers>;

const Reach = z.object({
  users: z.int(),
  installations: z.int(),
  inbox: z.int().describe("Devices"),
  push: z.int().describe("Devices"),
  email: z.int().describe("Users, as for those that follow"),
  sms: z.int(),
  whatsapp: z.int(),
});
export type Reach = z.infer<typeof Reach>;

const attentionKinds = [
  "worker_absent",
  "broker_away",
  "account_misconfigured",
  "account_resting",
  "import_failed",
  "import_rejections",
  "message_halted",
  "message_paused",
  "message_no_account",
  "message_account_off",
  "message_awaits",
  "message_stuck",
  "campaign_failed",
  "job_failing",
] as const;

export const Attention = z
  .object({
    kind: z.enum(attentionKinds),
    severity: z.enum(["bad", "warning"]),
    id: z.string().nullable().describe("Of the account, import, message or campaign"),
    name: z.string().nullable().describe("What it is called"),
    detail: z.string().nullable().describe("Why, where that is known, in English"),
    at: z.iso.datetime().nullable().describe("Since when; of a rest until when"),
    count: z
      .int()
      .nullable()
      .describe("Of import_rejections how many rows; of job_failing how many attempts"),
  })
  .meta({ id: "Attention" });
export type Attention = z.infer<typeof Attention>;

const Day = z.iso.date();

export const DashboardQuery = z.object({
  from: Day.optional().describe("First day, in the app's time zone; a week ago if missing"),
  to: Day.optional().describe("Last day; today if missing"),
});
export type DashboardQuery = z.infer<typeof DashboardQuery>;

/** Answer of `GET /api/dashboard`. */
export const Dashboard = z
  .object({
    timeZone: z.string().describe("IANA name; days begin in it"),
    today: Day,
    now: Reach.extend({ connected: z.int().describe("Devices"), at: z.iso.datetime() })
      .nullable()
      .describe("How many there are, counted at `at`; null before the first count"),
    sofar: z.object({ today: Numbers, yesterday: Numbers.describe("Up to the same time of day") }),
    days: z
      .array(
        Numbers.extend({
          day: Day,
          channels: z.partialRecord(Channel, Sends).describe("Those with messages"),
          reach: Reach.nullable().describe("As it was last counted on that day; null where it was not"),
        }),
      )
      .describe("Each day from `from` to `to`"),
    failures: z
      .array(z.object({ channel: Channel, reason: z.string(), count: z.int() }))
      .describe("Why messages of these days failed, most first"),
    attention: z.array(Attention).describe("What somebody should look at, worst first"),
  })
  .meta({ id: "Dashboard" });
export type Dashboard = z.infer<typeof Dashboard>;
