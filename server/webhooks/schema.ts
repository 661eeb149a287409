import { z } from "zod";
import { WebhookEvent } from "../outbox/schema.ts";

const Url = z
  .url({ protocol: /^https?$/, error: "expected an address such as https://example.com/chapar" })
  .max(2000)
  .refine((url) => {
    const { username, password } = new URL(url);
    return username === "" && password === "";
  }, "expected an address without a user name and password in it: requests are signed instead")
  .describe("Where requests are sent, by POST; redirects are not followed");

const given = {
  name: z.string().trim().min(1, "give it a name").max(100),
  url: Url,
  events: z.array(WebhookEvent).min(1, "choose at least one").describe("What it is told of"),
  eventNames: z
    .array(z.string().min(1).max(100))
    .min(1, "name at least one, or null for all")
    .max(100)
    .nullable()
    .describe("Of `event.tracked`: only events of these names; null for all"),
  batchSize: z
    .int()
    .min(1)
    .max(500)
    .describe("With 1 a request carries one object; above, an array of up to so many"),
  isActive: z.boolean().describe("While it is off nothing is kept for it"),
};

/** Body of `POST /api/webhooks`. */
export const NewWebhook = z
  .strictObject({
    ...given,
    eventNames: given.eventNames.default(null),
    batchSize: given.batchSize.default(1),
    isActive: given.isActive.default(true),
  })
  .meta({ id: "NewWebhook" });
export type NewWebhook = z.infer<typeof NewWebhook>;

/** Body of `PATCH /api/webhooks/{id}`. */
export const WebhookChange = z.strictObject(given).partial().meta({ id: "WebhookChange" });
export type WebhookChange = z.infer<typeof WebhookChange>;

/** An address of the customer's own that is told what happens. */
export const Webhook = z
  .object({
    id: z.string(),
    ...given,
    pauseReason: z.string().nullable().describe("Why it was switched off by itself; null when it was not"),
    failingSince: z.iso.datetime().nullable().describe("Since when no request has come through"),
    restUntil: z.iso.datetime().nullable().describe("Until when nothing is tried, after several failures"),
    waiting: z.int().describe("Happenings that are still to be told, at most 10,000"),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookSecret = z
  .object({
    secret: z.string().describe("`whsec_` and base64, as the Standard Webhooks specification has it"),
  })
  .meta({ id: "WebhookSecret" });

/** Answer of `POST /api/webhooks`. */
export const CreatedWebhook = z
  .object({ ...Webhook.shape, ...WebhookSecret.shape })
  .meta({ id: "CreatedWebhook" });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

/** A request to a webhook, tried until it comes through or three days are over. */
export const WebhookAttempt = z
  .object({
    id: z.string().describe("The header `webhook-id`, the same however often it is tried"),
    events: z.array(WebhookEvent),
    items: z.int().describe("Happenings in it"),
    state: z.enum(["waiting", "delivered", "failed"]),
    tries: z.int(),
    status: z.int().nullable().describe("HTTP status of the last answer; null when none came"),
    tookMs: z.int().nullable(),
    error: z.string().nullable().describe("Why the last try failed, in words"),
    createdAt: z.iso.datetime(),
    triedAt: z.iso.datetime().nullable(),
    nextAt: z.iso.datetime().nullable().describe("When it is tried again; null when it is not"),
  })
  .meta({ id: "WebhookAttempt" });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

/** One attempt with what it carries. */
export const WebhookAttemptBody = z
  .object({ ...WebhookAttempt.shape, body: z.string().describe("As it is sent, to the byte") })
  .meta({ id: "WebhookAttemptBody" });
export type WebhookAttemptBody = z.infer<typeof WebhookAttemptBody>;
