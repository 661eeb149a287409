import { z } from "zod";
import { Channel } from "../channels/schema.ts";
import { DeliveryCounts, ReasonCount } from "../deliveries/schema.ts";
import { UserId } from "../installations/schema.ts";
import { filterFields, hasOneFilter, oneFilter } from "../segments/schema.ts";
import type { CompiledEmail } from "../templates/email/compile.ts";
import { TemplateLook, type WhatsappContent } from "../templates/whatsapp/content.ts";

// Chabok's own examples send "true" for true, so both are taken.
const flag = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean("expected true or false").optional(),
);

/** Of the campaigns and the answers alike; longer texts are no messages. */
const maxContent = 10_000;
const maxTtl = 30 * 86_400;

const NotificationAction = z.looseObject({ id: z.string().min(1).max(100) });

/** What the operating system or browser shows. Fields that only one platform knows pass through unchanged. */
export const Notification = z
  .looseObject({
    title: z.string().max(1000).optional(),
    body: z.string().max(4000).optional(),
    text: z.string().max(4000).optional().describe("Older name of `body`"),
    clickUrl: z.string().max(2000).optional(),
    actions: z.array(NotificationAction).max(10).optional(),
  })
  .meta({ id: "Notification" });

const messageFields = {
  content: z
    .string("is required: the text of the message")
    .min(1, "is required: the text of the message")
    .max(maxContent),
  channel: z.string().min(1).max(128).optional().describe("Topic of the message, `default` if missing"),
  data: z.record(z.string(), z.unknown()).optional().describe("Free JSON delivered with the message"),
  trackId: z.string().min(1).max(128).optional(),
  inApp: flag,
  live: flag,
  silent: flag,
  useAsAlert: flag.describe("Use `content` as the text of the notification"),
  alertText: z.string().max(4000).optional(),
  autoNotify: flag,
  ttl: z.number().min(0).max(maxTtl).optional().describe("Seconds until the message expires"),
  notification: Notification.optional(),
  template: flag.describe(
    "Read the texts as Liquid and fill them in for each user; else they go as they are",
  ),
};

const isObject = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;

/**
 * When the fallback goes: after `delay` to whom the message was not shown by then, or at once to whoever has no device
 * connected; these get no push besides.
 */
export const FallbackPolicy = z.enum(["NOTIFICATION_SHOWN", "NOT_CONNECTED"]);
export type FallbackPolicy = z.infer<typeof FallbackPolicy>;

/** What follows when the message was not shown in time. */
export const Fallback = z
  .looseObject({
    content: z.string().min(1).max(maxContent).optional().describe("The content of the message if missing"),
    delay: z
      .number()
      .min(0)
      .max(maxTtl)
      .optional()
      .describe("Seconds to wait for the message to be shown; not used with NOT_CONNECTED"),
    media: z.enum(["sms", "email", "whatsapp"]),
    policy: FallbackPolicy.optional().describe(
      "NOTIFICATION_SHOWN if missing. NOT_CONNECTED, of toUsers and byQuery: at once to whoever is not connected",
    ),
  })
  .refine(({ delay, policy }) => delay !== undefined || policy === "NOT_CONNECTED", {
    path: ["delay"],
    error: "is required: seconds to wait for the message to be shown",
    when: isObject,
  })
  .meta({ id: "Fallback" });
export type Fallback = z.infer<typeof Fallback>;

/** Of a notification alone, which is for devices that are not connected. */
const ShownFallback = Fallback.refine(({ policy }) => policy !== "NOT_CONNECTED", {
  path: ["policy"],
  error: "NOT_CONNECTED is of toUsers and byQuery; use NOTIFICATION_SHOWN with a delay",
});

/** One message to one user, to several, or (`user: "*"`) to everyone in a public topic. */
export const ToUsersMessage = z
  .looseObject({
    user: z.union([UserId, z.literal("*")]).optional(),
    users: z
      .array(UserId)
      .min(1, "expected at least one user id")
      .max(10_000, "expected at most 10000 user ids")
      .optional(),
    clientId: z.string().max(128).optional(),
    fallback: Fallback.optional(),
    ...messageFields,
  })
  // `when`: said even if another field is wrong too, so that all faults come at once.
  .refine((message) => message.user !== undefined || message.users !== undefined, {
    path: ["user"],
    error: 'is required: a user id, or "*" for everyone',
    when: isObject,
  })
  .refine((message) => message.user === undefined || message.users === undefined, {
    path: ["users"],
    error: "give either user or users, not both",
    when: isObject,
  })
  .meta({ id: "ToUsersMessage" });
export type ToUsersMessage = z.infer<typeof ToUsersMessage>;

/** Body of `POST /api/push/toUsers`: one message, or an array of at most 1,000 that is accepted whole or not at all. */
export const ToUsersRequest = z
  .union([ToUsersMessage, z.array(ToUsersMessage).min(1).max(1000)])
  .meta({ id: "ToUsersRequest" });

/** Body of `POST /api/push/byQuery`: one message to everyone who matches a filter, in either notation. */
export const ByQueryRequest = z
  .looseObject({ fallback: Fallback.optional(), ...filterFields, ...messageFields })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "ByQueryRequest" });
export type ByQueryRequest = z.infer<typeof ByQueryRequest>;

/** Body of `POST /api/push/notifyUsers`: a notification without an inbox message, to users or to a filter. */
export const NotifyUsersRequest = z
  .looseObject({
    user: z.union([UserId, z.literal("*")]).optional(),
    users: z.array(UserId).min(1).max(10_000).optional(),
    clientId: z.string().max(128).optional(),
    fallback: ShownFallback.optional(),
    ...filterFields,
    ...messageFields,
  })
  .refine(
    (request) =>
      [request.user, request.users, request.target, request.segment].filter((given) => given !== undefined)
        .length === 1,
    { path: ["target"], error: "give one of target, segment, user and users", when: isObject },
  )
  .meta({ id: "NotifyUsersRequest" });
export type NotifyUsersRequest = z.infer<typeof NotifyUsersRequest>;

/** Body of `POST /api/push/notifyToUsers`: a notification, and a text or e-mail when it was not shown in time. */
export const NotifyToUsersRequest = z
  .looseObject({
    user: UserId.optional(),
    users: z.array(UserId).min(1).max(10_000).optional(),
    clientId: z.string().max(128).optional(),
    ...messageFields,
    content: z.string().max(maxContent).optional(),
    fallback: ShownFallback,
  })
  .refine((request) => (request.user === undefined) !== (request.users === undefined), {
    path: ["user"],
    error: "is required: a user id",
    when: isObject,
  })
  .refine(({ content, notification, fallback }) => content || notification || fallback.content, {
    path: ["content"],
    error: "is required where neither the notification nor the fallback has a text",
    when: ({ value }) =>
      isObject({ value }) && typeof (value as { fallback?: unknown }).fallback === "object",
  })
  .meta({ id: "NotifyToUsersRequest" });
export type NotifyToUsersRequest = z.infer<typeof NotifyToUsersRequest>;

export const SendAnswer = z
  .object({ count: z.int().describe("Devices in the audience, before opt-outs") })
  .meta({ id: "SendAnswer" });

export const MessageStatus = z.enum(["accepted", "expanding", "running", "paused", "finished", "cancelled"]);
export type MessageStatus = z.infer<typeof MessageStatus>;

/** Whom a message is for, as it was asked. */
export const AudienceKind = z.enum(["users", "topic", "target"]);
export type AudienceKind = z.infer<typeof AudienceKind>;

export const MessageSource = z.enum(["api", "panel"]);
export type MessageSource = z.infer<typeof MessageSource>;

export const Message = z
  .object({
    id: z.uuid(),
    status: MessageStatus,
    channel: Channel,
    topic: z.string(),
    campaign: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    audience: z.object({
      kind: AudienceKind,
      users: z
        .array(z.string())
        .optional()
        .describe("The first of the users named in the request, at most 20"),
      target: z.unknown().optional().describe("The filter, or the id of a segment"),
      segment: z.unknown().optional().describe("The filter in rules, where it was given in rules"),
      segments: z
        .array(z.object({ id: z.uuid(), name: z.string() }))
        .optional()
        .describe("The segments that the filter speaks of, by the names they had then"),
    }),
    content: z.string(),
    subject: z.string().nullable().describe("Of an e-mail"),
    hasHtml: z.boolean().describe("Whether GET /api/messages/{id}/preview shows what it looks like"),
    notification: z.looseObject({}).nullable().describe("As shown: its text is found already"),
    isTemplate: z.boolean().describe("Whether its texts are filled in for each user"),
    fallback: z
      .object({
        channel: Channel,
        content: z.string(),
        policy: FallbackPolicy,
        delay: z.number().describe("Seconds"),
      })
      .nullable(),
    whatsapp: z
      .object({
        template: z.string(),
        languages: z.array(z.string()).describe("The first for whoever speaks none of the others"),
        look: TemplateLook,
      })
      .nullable()
      .describe("On WhatsApp the template that it is; its texts still with their variables"),
    source: MessageSource.describe("Who asked for it"),
    trackId: z.string().nullable(),
    clientId: z.string().nullable(),
    counts: DeliveryCounts,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    frozenAt: z.iso.datetime().nullable().describe("When the audience was frozen"),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** Why queued recipients wait, and what would end it. */
export const Hold = z
  .object({
    kind: z.enum([
      "paused",
      "halted",
      "no_account",
      "account_paused",
      "account_waits",
      "another_attempt",
      "later_step",
      "rollout",
      "winner",
      "throttled",
      "their_hour",
    ]),
    detail: z.string(),
    until: z.iso.datetime().nullable(),
    accountId: z
      .uuid()
      .nullable()
      .describe("The account of a provider that has to be mended, or to be waited for"),
  })
  .meta({ id: "Hold" });
export type Hold = z.infer<typeof Hold>;

/** What is better about the best of several contents: the share of those sent to that came so far. */
export const WinnerMeasure = z.enum(["clicked", "seen", "delivered"]);
export type WinnerMeasure = z.infer<typeof WinnerMeasure>;

/** One of several contents of a message. */
export const VariantReport = z
  .object({
    variant: z.int().describe("0 is A, that of the campaign"),
    content: z.string().describe("Its words"),
    counts: DeliveryCounts,
    isWinner: z.boolean(),
  })
  .meta({ id: "VariantReport" });
export type VariantReport = z.infer<typeof VariantReport>;

/** A message with all that can be said of how it goes. */
export const MessageReport = Message.extend({
  variants: z.array(VariantReport).describe("Of several contents; empty where there is one"),
  rest: z
    .object({
      recipients: z.int().describe("Who wait for the rest to go"),
      decidesAt: z.iso.datetime().nullable().describe("When the best content goes to them by itself"),
    })
    .nullable()
    .describe(
      "Of those who wait until the first part was looked at, or a winner is found; null when nobody does",
    ),
  reasons: z.array(ReasonCount).describe("Why recipients were not reached, the most frequent first"),
  rate: z.object({
    limit: z.number().nullable().describe("Messages a second that the account of the provider is set to"),
    actual: z.number().describe("Recipients a second that came to an end in the last seconds"),
  }),
  secondsLeft: z.number().nullable().describe("At the actual rate; null when nothing moves"),
  hold: Hold.nullable().describe("Why nothing goes out, when nothing does"),
}).meta({ id: "MessageReport" });
export type MessageReport = z.infer<typeof MessageReport>;

/** Body of `POST /api/messages/{id}/retry`. */
export const RetryRequest = z
  .strictObject({
    unknown: flag.describe("Also those that may have gone out: some may get it twice"),
  })
  .meta({ id: "RetryRequest" });

export const RetryAnswer = z
  .object({ count: z.int().describe("Recipients that are queued again") })
  .meta({ id: "RetryAnswer" });

/** What a message says. */
interface Words {
  content: string;
  notification?: z.infer<typeof Notification> | undefined;
  subject?: string | undefined;
  /** Of an e-mail: its HTML and text as Liquid, and the links in it that are counted. */
  email?: CompiledEmail | undefined;
}

type Optional<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Words for some of the recipients; what is missing is as for the others. */
export interface Edition extends Optional<Words> {
  language?: string | undefined;
  platform?: Platform | undefined;
}

/** What sort of device it is that something is shown on. */
export const Platform = z.enum(["android", "ios", "web"]);
export type Platform = z.infer<typeof Platform>;

/** What is kept of a request besides its audience: everything that a recipient's message is made from. */
export interface MessageContent extends Words {
  /** Other words for those who speak a language or are on a platform: the first that fits counts. */
  editions?: Edition[] | undefined;
  data?: Record<string, unknown> | undefined;
  inApp?: boolean | undefined;
  live?: boolean | undefined;
  silent?: boolean | undefined;
  useAsAlert?: boolean | undefined;
  alertText?: string | undefined;
  autoNotify?: boolean | undefined;
  /** Texts are Liquid. */
  template?: boolean | undefined;
  /** What becomes of users without a value for a variable: they get it with the gap, or are skipped. */
  missing?: "send" | "skip" | undefined;
  fallback?:
    | {
        channel: "sms" | "email" | "whatsapp";
        content: string;
        delay: number;
        policy?: FallbackPolicy | undefined;
      }
    | undefined;
  /** Of {{promo_code}}: the code when all are given; of tests `isSample`, which gives none away. */
  promo?: { fallback?: string | undefined; isSample?: boolean | undefined } | undefined;
  /** On WhatsApp: the template, with Liquid for its parameters. */
  whatsapp?: WhatsappContent | undefined;
}
