import type { WebhookEvent } from "../../../server/outbox/schema.ts";
import type { Strings } from "../../strings/en.ts";

const words = {
  "message.sent": "message_sent",
  "message.delivered": "message_delivered",
  "message.seen": "message_seen",
  "message.clicked": "message_clicked",
  "message.failed": "message_failed",
  "user.unsubscribed": "user_unsubscribed",
  "import.finished": "import_finished",
  "event.tracked": "event_tracked",
} as const satisfies Record<WebhookEvent, keyof Strings["webhooks"]["eventNames"]>;

/** What happened, in words. */
export const eventWords = (event: WebhookEvent, { webhooks }: Strings): string =>
  webhooks.eventNames[words[event]];
