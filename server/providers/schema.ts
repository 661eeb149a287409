import { z } from "zod";
import { ProviderChannel, PushService } from "../channels/schema.ts";
import { MessageTemplate } from "../channels/whatsapp/template.ts";

/** What a secret looks like in answers; sent back, it leaves the secret as it is. */
export const hiddenSecret = "••••••••";

/** What something costs. */
export const Price = z
  .strictObject({
    amount: z.number().min(0).max(1_000_000),
    currency: z.string().regex(/^[A-Z]{3}$/, "expected three letters such as EUR or IRR"),
  })
  .meta({ id: "Price" });
export type Price = z.infer<typeof Price>;

const accountFields = {
  name: z.string().trim().min(1).max(100),
  priority: z
    .int()
    .min(0)
    .max(1000)
    .describe("Of several active accounts of a channel the one with the lowest number is used"),
  isActive: z.boolean(),
  ratePerSecond: z
    .number()
    .min(0.1)
    .max(100_000)
    .nullable()
    .describe("Messages a second, of all workers together; null for no limit"),
  concurrency: z.int().min(1).max(1000).describe("Requests under way at once, of each worker"),
  price: Price.nullable().describe(
    "Of one message, or of each part of an SMS: what campaigns are reckoned by",
  ),
};

/** Body of `POST /api/providers`: an account of a provider. */
export const NewProviderAccount = z
  .strictObject({
    channel: ProviderChannel,
    provider: z.string().min(1).max(40).describe("Name of the provider, as in GET /api/providers/kinds"),
    name: accountFields.name,
    config: z.record(z.string(), z.unknown()).describe("As the provider needs it"),
    priority: accountFields.priority.default(0),
    isActive: accountFields.isActive.default(true),
    ratePerSecond: accountFields.ratePerSecond.default(null),
    concurrency: accountFields.concurrency.default(64),
    price: accountFields.price.default(null),
  })
  .meta({ id: "NewProviderAccount" });
export type NewProviderAccount = z.infer<typeof NewProviderAccount>;

/** Body of `PATCH /api/providers/{id}`. A `config` replaces the whole; hidden secrets in it stay as they are. */
export const ProviderAccountChange = z
  .strictObject({ ...accountFields, config: z.record(z.string(), z.unknown()) })
  .partial()
  .meta({ id: "ProviderAccountChange" });
export type ProviderAccountChange = z.infer<typeof ProviderAccountChange>;

/** Whether the account sends: switched off by somebody, paused since it is set up wrongly, resting after many failures. */
export const AccountStatus = z.enum(["active", "off", "misconfigured", "resting"]);
export type AccountStatus = z.infer<typeof AccountStatus>;

export const ProviderAccount = z
  .object({
    id: z.uuid(),
    channel: ProviderChannel,
    provider: z.string(),
    ...accountFields,
    config: z.record(z.string(), z.unknown()).describe(`Secrets show as ${hiddenSecret}`),
    status: AccountStatus,
    statusDetail: z.string().nullable().describe("Why it does not send, and what would mend it"),
    restsUntil: z.iso.datetime().nullable().describe("When it goes on, after a throttle or many failures"),
    lastSuccessAt: z.iso.datetime().nullable(),
    lastFailureAt: z.iso.datetime().nullable(),
    lastFailure: z.string().nullable().describe("The last thing that went wrong, in words"),
    lastMinute: z
      .object({
        accepted: z.number().describe("Messages that the provider took in about the last minute"),
        failed: z.number().describe("Attempts that came to nothing"),
      })
      .describe("How it goes now"),
    tokenServices: z.array(PushService).nullable().describe("The push tokens that it takes; null for any"),
    receiptsUrl: z.string().describe("Where the provider reports what became of messages"),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "ProviderAccount" });
export type ProviderAccount = z.infer<typeof ProviderAccount>;

/** A provider that an account can be made of. */
export const ProviderKind = z
  .object({
    provider: z.string(),
    channels: z.array(ProviderChannel),
    secrets: z.array(z.string()).describe("Members of config that are kept encrypted"),
    tokenServices: z.array(PushService).nullable().describe("The push tokens that it takes; null for any"),
    makesKeys: z.boolean().describe("Whether POST /api/providers/kinds/{provider}/keys makes keys for it"),
    hasTemplates: z
      .boolean()
      .describe(
        "Whether messages are templates that its service has approved, see GET /api/providers/templates",
      ),
    hasDns: z.boolean().describe("Whether GET /api/providers/{id}/dns says what has to stand in the DNS"),
    config: z.record(z.string(), z.unknown()).describe("JSON Schema of config"),
  })
  .meta({ id: "ProviderKind" });
export type ProviderKind = z.infer<typeof ProviderKind>;

/** Members of a config, made anew: to be put into the config of an account. */
export const MadeKeys = z.object({ config: z.record(z.string(), z.string()) }).meta({ id: "MadeKeys" });
export type MadeKeys = z.infer<typeof MadeKeys>;

/** A template of WhatsApp that an account can send. */
const AccountTemplate = MessageTemplate.extend({ accountId: z.uuid() }).meta({
  id: "AccountTemplate",
});

/** Answer of `GET /api/providers/templates`: as they were when they were last fetched, and reports since. */
export const TemplatesAnswer = z
  .object({
    accounts: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        provider: z.string(),
        isActive: z.boolean(),
        fetchedAt: z.iso.datetime().nullable().describe("When its templates were fetched; null for never"),
        failure: z.string().nullable().describe("Why the last try to fetch them came to nothing"),
      }),
    ),
    templates: z.array(AccountTemplate).describe("By account, name and language"),
  })
  .meta({ id: "TemplatesAnswer" });
export type TemplatesAnswer = z.infer<typeof TemplatesAnswer>;

/** What a campaign on WhatsApp is made of, as the account sees it that would send it now. */
export interface SendableTemplates {
  /** Its name. */
  account: string;
  /** Null where it sends plain texts. */
  templates: readonly MessageTemplate[] | null;
}

/** Body of `POST /api/providers/{id}/test`: a message to somebody's devices or address, through this account. */
export const TestRequest = z
  .strictObject({
    userId: z.string().min(1).max(128).describe("Whose devices or address it goes to"),
    content: z.string().min(1).max(1000).describe("The text"),
    title: z
      .string()
      .max(200)
      .optional()
      .describe("Of the notification or e-mail; the app's name if missing"),
  })
  .meta({ id: "ProviderTestRequest" });
export type TestRequest = z.infer<typeof TestRequest>;

/** What became of a test, for each device or address. No address is forgotten for it, dead as it may be. */
export const TestAnswer = z
  .object({
    results: z.array(
      z.object({
        to: z.string().describe("The device by its type and model, or the address"),
        installationId: z.string().nullable(),
        ok: z.boolean(),
        outcome: z.enum([
          ...["accepted", "retry", "throttle", "rejected", "gone", "left", "halted", "misconfigured"],
          ...["unknown", "skipped"],
        ] as const),
        code: z.string().nullable(),
        detail: z.string().describe("What became of it, in words, and what would mend it"),
      }),
    ),
  })
  .meta({ id: "ProviderTestAnswer" });
export type TestAnswer = z.infer<typeof TestAnswer>;

export const CheckAnswer = z.object({ ok: z.boolean(), detail: z.string() }).meta({ id: "CheckAnswer" });
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/** A record of the DNS that receivers look for, and what stands there now. */
export const DnsRecordCheck = z
  .object({
    purpose: z
      .enum(["spf", "dkim", "dmarc", "bounce"])
      .describe(
        "Who may send, the key of signatures, what to make of mails without them, where mail comes back to",
      ),
    type: z.enum(["TXT", "MX"]),
    name: z.string(),
    value: z.string().describe("To be copied"),
    status: z
      .enum(["ok", "missing", "different", "unknown"])
      .describe("`unknown` when the DNS gave no answer"),
    found: z.array(z.string()),
    detail: z.string().describe("In words, and what would mend it"),
  })
  .meta({ id: "DnsRecordCheck" });
export type DnsRecordCheck = z.infer<typeof DnsRecordCheck>;

/** Answer of `GET /api/providers/{id}/dns`. */
export const DnsAnswer = z.object({ records: z.array(DnsRecordCheck) }).meta({ id: "DnsAnswer" });
export type DnsAnswer = z.infer<typeof DnsAnswer>;
