import { z } from "zod";
import { RegisteredInstallation, RegisterInstallation, UserId } from "../installations/schema.ts";
import { Acknowledgement } from "../realtime/schema.ts";

/** What proves to us that a user is who they say: made by the customer's own server. */
const userHash = z
  .string()
  .max(128)
  .optional()
  .describe(
    "HMAC-SHA256 of the user id in hexadecimal digits, by the secret of `GET /api/settings/user-hash`; needed to log in with a public key",
  );

/** `POST /api/installations` and `PUT /api/installations/{id}`. */
export const RegisterClient = RegisterInstallation.and(z.object({ userHash })).meta({ id: "RegisterClient" });
export type RegisterClient = z.infer<typeof RegisterClient>;

/** `POST /api/installations/{id}/login`. */
export const Login = z.object({ userId: UserId, userHash }).meta({ id: "Login" });
export type Login = z.infer<typeof Login>;

/** What a device is told when it registers, logs in or out. */
export const RegisteredClient = RegisteredInstallation.extend({
  isGuest: z.boolean().describe("Whether nobody is logged in on it"),
  webPush: z
    .object({ publicKey: z.string() })
    .nullable()
    .describe("What a browser subscribes to push with; null where no account of web push is active"),
}).meta({ id: "RegisteredClient" });
export type RegisteredClient = z.infer<typeof RegisteredClient>;

/** A topic that a device is in. */
const Subscription = z
  .object({
    topic: z.string().describe("`sport` is public, `private/sport` the user's own"),
    live: z.boolean().describe("Whether it wants nothing of it that comes while it is not connected"),
  })
  .meta({ id: "Subscription" });
export const Subscriptions = z.object({ topics: z.array(Subscription) }).meta({ id: "Subscriptions" });
export type Subscriptions = z.infer<typeof Subscriptions>;

/** A message in the inbox of a device, as it comes over MQTT too, and what became of it there. */
export const InboxItem = z
  .object({
    id: z.uuid(),
    content: z.string(),
    channel: z.string(),
    createdAt: z.int().describe("Milliseconds since 1970"),
    data: z.record(z.string(), z.unknown()).optional(),
    trackId: z.string().optional(),
    inApp: z.literal(true).optional(),
    silent: z.literal(true).optional(),
    notification: z.record(z.string(), z.unknown()).optional(),
    state: z.enum(["waiting", "sent", "delivered", "seen", "clicked"]),
    dismissed: z.boolean(),
  })
  .meta({ id: "InboxItem" });
export type InboxItem = z.infer<typeof InboxItem>;

/** `POST /api/installations/{id}/inbox/acks`: what a device without a realtime connection reports. */
export const Acknowledgements = z
  .object({ acks: z.array(Acknowledgement).min(1).max(1_000) })
  .meta({ id: "Acknowledgements" });

/** How many messages of a device nobody has seen, of the last thirty days. */
export const Unread = z.object({ count: z.int() }).meta({ id: "Unread" });
