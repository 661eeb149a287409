import { z } from "zod";
import { Channel } from "../channels/schema.ts";
import { FallbackPolicy, Message, MessageSource, MessageStatus, Notification } from "../messages/schema.ts";
import { filterFields, hasOneFilter, oneFilter } from "../segments/schema.ts";
import { EmailBody } from "../templates/email/schema.ts";
import { WhatsappBody } from "../templates/whatsapp/schema.ts";

/** A campaign that was not launched is a draft; from then on it is what its message is. */
export const CampaignStatus = z.enum(["draft", ...MessageStatus.options]);
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

const campaignFields = {
  name: z.string().trim().min(1, "is required: what you call it").max(200),
  channel: Channel,
  content: CampaignContent,
};

/** Body of `POST /api/campaigns`: a draft. */
export const NewCampaign = z
  .strictObject({ ...campaignFields, ...filterFields })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "NewCampaign" });
export type NewCampaign = z.infer<typeof NewCampaign>;

/** Body of `PATCH /api/campaigns/{id}`: of a draft. A filter replaces the one there was, in either notation. */
export const CampaignChange = z
  .strictObject({ ...campaignFields, ...filterFields })
  .partial()
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
  .strictObject({ users: z.array(z.string().min(1).max(128)).min(1).max(20) })
  .meta({ id: "CampaignTest" });

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
    }),
    content: CampaignContent,
    source: MessageSource,
    message: Message.nullable().describe("What came of it; null for a draft"),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    launchedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Campaign" });
export type Campaign = z.infer<typeof Campaign>;
