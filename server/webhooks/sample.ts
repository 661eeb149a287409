import { v7 as uuidv7 } from "uuid";
import type { WebhookEvent } from "../outbox/schema.ts";
import type { Item } from "./body.ts";

const message = {
  messageId: "01a2b3c4-0000-7000-8000-000000000000",
  deliveryId: "sample",
  variant: 0,
  channel: "push",
  campaignId: null,
};

const data: Readonly<Record<WebhookEvent, Record<string, unknown>>> = {
  "message.sent": message,
  "message.delivered": message,
  "message.seen": message,
  "message.clicked": message,
  "message.failed": { ...message, reason: "rejected", code: "sample", detail: "This is only a test." },
  "user.unsubscribed": { channels: ["email"], topics: [] },
  "import.finished": {
    importId: "01a2b3c4-0000-7000-8000-000000000000",
    name: "sample.csv",
    status: "completed",
    failure: null,
    rows: { total: 2, created: 1, updated: 1, unchanged: 0, rejected: 0, discarded: 0 },
  },
  "event.tracked": { eventName: "sample", eventData: { value: 1 } },
};

/** What a webhook would be told, of somebody who does not exist: `data.isTest` says so. */
export function sampleOf(event: WebhookEvent, appId: string, now: Date): Item {
  const isOfUser = event !== "import.finished";
  return {
    ...{ id: uuidv7(), event, appId, time: now.toISOString() },
    userId: isOfUser ? "sample-user" : null,
    installationId: event.startsWith("message.") ? "sample-device" : null,
    data: { ...data[event], isTest: true },
  };
}
