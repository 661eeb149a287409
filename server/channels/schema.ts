import { z } from "zod";

/** The ways by which a message reaches somebody. */
export const Channel = z.enum(["inbox", "push", "email", "sms", "whatsapp"]);
export type Channel = z.infer<typeof Channel>;

/** Channels that leave by an account of a provider; the inbox is ours. */
export const ProviderChannel = Channel.exclude(["inbox"]);
export type ProviderChannel = z.infer<typeof ProviderChannel>;

/** Services that a push token or subscription belongs to, and that a provider of ours sends through. */
export const PushService = z.enum(["fcm", "apns", "webpush"]);
export type PushService = z.infer<typeof PushService>;
