import { z } from "zod";
import { Channel } from "../channels/schema.ts";
import { UserId } from "../installations/schema.ts";
import { PageQuery } from "../lib/page.ts";
import {
  FallbackPolicy,
  Message,
  MessageSource,
  MessageStatus,
  Notification,
  Platform,
} from "../messages/schema.ts";
import { filterFields, hasOneFilter, oneFilter } from "../segments/schema.ts";
import { EmailBody } from "../templates/email/schema.ts";
import { WhatsappBody } from "../templates/whatsapp/schema.ts";
import { Limits, Rollout, Schedule, Winner } from "./plan-schema.ts";

/**
 * A campaign that was not launched is a draft, and scheduled while its next run is to come. Otherwise it is what its
 * latest message is.
 */
export const CampaignStatus = z.enum(["draft", "scheduled", ...MessageStatus.options]);
export type CampaignStatus = z.infer<typeof CampaignStatus>;

/** Of inbox and push: what follows for whom it does not reach. */
const CampaignFallback = z
  .strictObject({
    media: z.enum(["sms", "email", "whatsapp"]),
    content: z
      .string()
      .max(10_000)
      .optional()
      .describe("Its text, Liquid as well; that of the message if missing"),
    policy: FallbackPolicy.default("NOTIFICATION_SHOWN"),
    delay: z
      .number()
      .min(0)
      .max(30 * 86_400)
      .default(0)
      .describe("Seconds to wait for the message to be shown; not used with NOT_CONNECTED"),
  })
  .meta({ id: "CampaignFallback" });

/** Of content: what is said to those who speak a language, or on a platform. What is missing is as for the others. */
const Edition = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "expected a language such as fa or en-GB")
      .optional()
      .describe("fa is for whoever speaks fa-IR as well"),
    platform: Platform.optional().describe("Of inbox and push"),
    content: z.string().max(10_000).optional(),
    subject: z.string().max(500).optional(),
    preheader: z.string().max(500).optional(),
    email: EmailBody.optional(),
    notification: Notification.optional(),
  })
  .refine(({ language, platform }) => language !== undefined || platform !== undefined, {
    path: ["language"],
    error: "is required: the language or the platform that it is for",
  })
  .meta({ id: "Edition" });

/** What a campaign says. Texts are Liquid: `Hi {{user.first_name}}`. */
export const CampaignContent = z
  .strictObject({
    content: z
      .string()
      .max(10_000)
      .describe("The text of the message; of an e-mail with a body the plain text, made from it if blank"),
    subject: z.string().max(500).optional().describe("Of an e-mail"),
    preheader: z
      .string()
      .max(500)
      .optional()
      .describe("Of an e-mail: what lists of mails show after the subject"),
    email: EmailBody.optional().describe(
      "What an e-mail looks like; plain text alone if missing. Lists leave it out",
    ),
    whatsapp: WhatsappBody.optional().describe(
      "On WhatsApp the template that is sent; `content` is not used then. Needed unless the account takes plain texts",
    ),
    fallback: CampaignFallback.optional(),
    editions: z
      .array(Edition)
      .max(20)
      .optional()
      .describe(
        "Other words for a language or platform; the first that fits a recipient counts. Not on WhatsApp",
      ),
    promo: z
      .strictObject({
        fallback: z
          .string()
          .trim()
          .min(1)
          .max(64)
          .optional()
          .describe("The code of whoever comes after the last one; none if missing"),
      })
      .optional()
      .describe("How {{promo_code}} is filled in: with the next of its codes, of the global ones, or this"),
    topic: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("What it is about: who left the topic does not get it; `default` if missing"),
    notification: Notification.optional().describe("What the system shows, on push and inbox"),
    inApp: z
      .boolean()
      .optional()
      .describe("Of the inbox: for the open app alone, so that devices that are not connected get no push"),
    silent: z.boolean().optional().describe("Wakes the app and shows nothing"),
    data: z.record(z.string(), z.unknown()).optional(),
    missing: z
      .enum(["send", "skip"])
      .default("send")
      .describe(
        "What becomes of users without a value for a variable: they get it with the gap, or are skipped",
      ),
    ttl: z
      .number()
      .min(0)
      .max(30 * 86_400)
      .optional()
      .describe("Seconds until it expires, from its launch"),
    trackId: z.string().min(1).max(128).optional(),
  })
  .meta({ id: "CampaignContent" });
export type CampaignContent = z.infer<typeof CampaignContent>;

/** Other words that are tried against those of the campaign. */
const Variant = z.strictObject({ content: CampaignContent }).meta({ id: "CampaignVariant" });

const campaignFields = {
  name: z.string().trim().min(1, "is required: what you call it").max(200),
  channel: Channel,
  content: CampaignContent,
};

/** How it is sent. */
const planFields = {
  schedule: Schedule.describe("When it goes; now if missing"),
  limits: Limits,
  rollout: Rollout.nullable().describe("Not together with variants that have a winner"),
  variants: z
    .array(Variant)
    .max(4)
    .describe("Contents B, C … that are tried beside `content`, which is A: each on an even share"),
  winner: Winner.nullable().describe("Of variants: how the best is found. Without it each keeps its share"),
};

/** Whom it is for: a filter, users by their ids, or whoever is in a topic. */
const audienceFields = {
  ...filterFields,
  users: z.array(UserId).min(1).max(10_000).optional().describe("User ids; longer lists are segments"),
  topic: z.string().min(1).max(128).optional().describe("Of inbox and push: devices in this topic"),
};

const audienceKeys = ["target", "segment", "users", "topic"] as const;
type AudienceFields = Partial<Record<(typeof audienceKeys)[number], unknown>>;
const audiencesIn = (body: AudienceFields): number =>
  audienceKeys.filter((key) => body[key] !== undefined).length;

const isObject = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;

/** Body of `POST /api/campaigns`: a draft. */
export const NewCampaign = z
  .strictObject({ ...campaignFields, ...audienceFields, ...z.object(planFields).partial().shape })
  .refine((body) => audiencesIn(body) === 1, {
    path: ["target"],
    error: "is required: a filter ({} is everyone); or one of segment, users and topic",
    when: isObject,
  })
  .meta({ id: "NewCampaign" });
export type NewCampaign = z.infer<typeof NewCampaign>;

/** Body of `PATCH /api/campaigns/{id}`: of a draft. An audience replaces the one there was, whatever it was. */
export const CampaignChange = z
  .strictObject({ ...campaignFields, ...audienceFields, ...planFields })
  .partial()
  .refine((body) => audiencesIn(body) <= 1, {
    path: ["target"],
    error: "give one of target, segment, users and topic",
    when: isObject,
  })
  .meta({ id: "CampaignChange" });
export type CampaignChange = z.infer<typeof CampaignChange>;

/** Body of `POST /api/campaigns/estimate`: what a text would cost. */
export const EstimateRequest = z
  .strictObject({
    channel: z.literal("sms"),
    content: z.string().min(1, "is required: the text of the message").max(10_000).describe("Liquid"),
    ...filterFields,
  })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "EstimateRequest" });
export type EstimateRequest = z.infer<typeof EstimateRequest>;

/** Answer of `POST /api/campaigns/estimate`: the text is filled in for some of the audience, and counted. */
export const Estimate = z
  .object({
    users: z.int().describe("Of the audience those who can be reached by SMS"),
    sampled: z.int().describe("Users for whom the text was filled in"),
    segments: z.object({
      least: z.int().describe("SMS that one text is made of, among those sampled"),
      most: z.int(),
      average: z.number(),
    }),
    total: z.int().describe("SMS in all: the average for each of the users"),
    unicode: z
      .number()
      .describe(
        "Share of the texts, from 0 to 1, that have letters outside of GSM-7, so that 70 fit into one SMS",
      ),
  })
  .meta({ id: "Estimate" });
export type Estimate = z.infer<typeof Estimate>;

/** Body of `POST /api/campaigns/{id}/test`. */
export const CampaignTest = z
  .strictObject({
    users: z.array(UserId).min(1).max(20).optional(),
    testDevices: z
      .literal(true)
      .optional()
      .describe("To the devices that are marked for tests, and to whom they belong"),
    variant: z
      .int()
      .min(0)
      .max(4)
      .default(0)
      .describe("Which content: 0 is that of the campaign, 1 the first variant"),
  })
  .refine(({ users, testDevices }) => (users === undefined) !== (testDevices === undefined), {
    path: ["users"],
    error: "is required: user ids; or testDevices, but not both",
    when: isObject,
  })
  .meta({ id: "CampaignTest" });
export type CampaignTest = z.infer<typeof CampaignTest>;

/** Body of `POST /api/campaigns/{id}/continue`. */
export const ContinueRequest = z
  .strictObject({
    variant: z
      .int()
      .min(0)
      .max(4)
      .optional()
      .describe("Of variants: which goes to the rest; the best by now if missing"),
  })
  .meta({ id: "ContinueRequest" });

/** Query of `GET /api/campaigns`. */
export const CampaignQuery = PageQuery.extend({
  status: z
    .enum(["draft", "scheduled", "running", "paused", "finished", "cancelled"])
    .optional()
    .describe("running is also what was just accepted and is being expanded"),
  search: z.string().trim().max(200).optional().describe("Part of the name, in capitals or not"),
});
export type CampaignQuery = z.infer<typeof CampaignQuery>;

/** Query of `GET /api/campaigns/calendar`. */
export const CalendarQuery = z.object({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }).describe("Not included; 100 days after `from` at most"),
});
export type CalendarQuery = z.infer<typeof CalendarQuery>;

/** A run of a campaign that was or is to come. */
export const CalendarEntry = z
  .object({
    campaignId: z.uuid(),
    name: z.string(),
    channel: Channel,
    status: CampaignStatus.describe("Of the run: scheduled when it is to come"),
    at: z.iso.datetime().describe("Of users' own time: when the first of them get it"),
    timeZone: z.string().nullable().describe("The one it is planned in; `user` for users' own"),
    messageId: z.uuid().nullable().describe("Null when it is to come"),
  })
  .meta({ id: "CalendarEntry" });
export type CalendarEntry = z.infer<typeof CalendarEntry>;

/** Answer of `POST /api/campaigns/{id}/review`: what launching it would do. Sends nothing. */
export const Review = z
  .object({
    faults: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .describe("What it would be refused for, as the launch would say it"),
    recipients: z.int().describe("Devices or users that would be frozen now"),
    reached: z.int().describe("Of them those who can be reached on the channel, about"),
    seconds: z
      .int()
      .nullable()
      .describe(
        "How long sending takes at the rate of the account and the throttle, about; null where unknown",
      ),
    cost: z
      .object({ amount: z.number(), currency: z.string() })
      .nullable()
      .describe("At the price of the account; null where it has none"),
    startsAt: z.iso.datetime().nullable().describe("Of the first run; null for now"),
    next: z.array(z.iso.datetime()).describe("The first runs, five at most"),
    warnings: z.array(
      z.object({
        code: z.enum([
          "nobody",
          "unreached",
          "shared_time",
          "quiet_hours",
          "capped",
          "no_account",
          "account_paused",
          "missing_variables",
          "few_for_variants",
          "few_promo_codes",
          "slow",
        ]),
        count: z.int().nullable().describe("Of recipients, where it is about some"),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: "CampaignReview" });
export type Review = z.infer<typeof Review>;

/** A plan to send, or a send to a segment. One made by `push/byQuery` has the id of its message. */
export const Campaign = z
  .object({
    id: z.uuid(),
    name: z.string().describe("The first words of the content when nobody named it"),
    status: CampaignStatus,
    channel: Channel,
    audience: z.object({
      target: z.unknown().optional(),
      segment: z.unknown().optional(),
      segments: z.array(z.object({ id: z.uuid(), name: z.string() })),
      users: z.array(z.string()).optional(),
      topic: z.string().optional(),
    }),
    content: CampaignContent,
    ...planFields,
    source: MessageSource,
    message: Message.nullable().describe("What came of it, of its latest run; null before the first"),
    runs: z.int().describe("How often it went"),
    nextRunAt: z.iso
      .datetime()
      .nullable()
      .describe("When it goes next; of users' own time when the first of them get it"),
    failure: z
      .string()
      .nullable()
      .describe(
        "Why its run could not begin, when it could not: it is paused then, and resuming tries again",
      ),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    launchedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Campaign" });
export type Campaign = z.infer<typeof Campaign>;
