import { z } from "zod";
import { DeliveryCounts } from "../deliveries/schema.ts";
import { UserId } from "../installations/schema.ts";
import { filterFields, hasOneFilter, oneFilter } from "../segments/schema.ts";

// Chabok's own examples send "true" for true, so both are taken.
const flag = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean("expected true or false").optional(),
);

const NotificationAction = z.looseObject({ id: z.string().min(1).max(100) });

/** What the operating system or browser shows. Fields that only one platform knows pass through unchanged. */
const Notification = z
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
    .max(10_000),
  channel: z.string().min(1).max(128).optional().describe("Topic of the message, `default` if missing"),
  data: z.record(z.string(), z.unknown()).optional().describe("Free JSON delivered with the message"),
  trackId: z.string().min(1).max(128).optional(),
  inApp: flag,
  live: flag,
  silent: flag,
  useAsAlert: flag.describe("Use `content` as the text of the notification"),
  alertText: z.string().max(4000).optional(),
  autoNotify: flag,
  ttl: z
    .number()
    .min(0)
    .max(30 * 86_400)
    .optional()
    .describe("Seconds until the message expires"),
  notification: Notification.optional(),
};

const isObject = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;

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
  .looseObject({ ...filterFields, ...messageFields })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "ByQueryRequest" });
export type ByQueryRequest = z.infer<typeof ByQueryRequest>;

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
    channel: z.literal("inbox"),
    topic: z.string(),
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
    notification: z.looseObject({}).nullable().describe("As shown: its text is found already"),
    source: MessageSource.describe("Who asked for it"),
    trackId: z.string().nullable(),
    counts: DeliveryCounts,
    createdAt: z.iso.datetime(),
    frozenAt: z.iso.datetime().nullable().describe("When the audience was frozen"),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** What is kept of a request besides its audience: everything that a recipient's message is made from. */
export interface MessageContent {
  content: string;
  data?: Record<string, unknown> | undefined;
  inApp?: boolean | undefined;
  live?: boolean | undefined;
  silent?: boolean | undefined;
  useAsAlert?: boolean | undefined;
  alertText?: string | undefined;
  autoNotify?: boolean | undefined;
  notification?: z.infer<typeof Notification> | undefined;
}
