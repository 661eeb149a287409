import { z } from "zod";

export const webhookEvents = [
  "message.sent",
  "message.delivered",
  "message.seen",
  "message.clicked",
  "message.failed",
  "user.unsubscribed",
  "import.finished",
  "event.tracked",
] as const;

/** What a webhook can be told of. */
export const WebhookEvent = z.enum(webhookEvents).meta({ id: "WebhookEvent" });
export type WebhookEvent = z.infer<typeof WebhookEvent>;
