import type { z } from "zod";
import type { ProviderChannel, PushService } from "./schema.ts";
import type { MessageTemplate } from "./whatsapp/template.ts";

/** What a device or provider can report. `dismissed` is a flag beside the state. */
export type ReceiptState = "sent" | "failed" | "delivered" | "seen" | "clicked";

/** One message to one address, ready to send: everything in it is rendered. */
export interface Outbound {
  /** Of the delivery: the same for a repeat, so that a provider or device can drop it. Given on where a wire has a place for it. */
  deliveryId: string;
  /** The same name as a UUID, for wires that want one. */
  deliveryUuid: string;
  messageId: string;
  channel: ProviderChannel;
  /**
   * Push token, e-mail address, or phone in digits with its country code, without +. On WhatsApp of somebody whose number
   * is not known, the id that WhatsApp has for them with this business, as `US.1349`.
   */
  to: string;
  /** Who takes a push token; null on the other channels. */
  tokenService: PushService | null;
  userId: string;
  /** Of an e-mail; null on the other channels. */
  subject: string | null;
  /** The text, rendered. */
  content: string;
  /** Free JSON of the sender; empty when there is none. */
  data: Record<string, unknown>;
  /**
   * What the operating system shows of it, for push: members of the contract's notification object, always with `title`
   * and `body`. Null where nothing is to be shown, as of a silent message.
   */
  notification: Record<string, unknown> | null;
  /** What else a device needs to know; null on the other channels. */
  push: PushDetails | null;
  /** What else an e-mail is made of; null on the other channels. */
  email: EmailDetails | null;
  /** On WhatsApp: the template that it is, filled in. Null on the other channels, and for a plain text. */
  template: TemplateDetails | null;
  trackId: string | null;
  /** When it is of no use any more; null for never. */
  expiresAt: Date | null;
}

/** Of a push: what it is of, and how it is to be shown. */
export interface PushDetails {
  /** android, ios, web …: an app on ios may have its tokens from `fcm`. */
  deviceType: string;
  /** Topic of the message. */
  topic: string;
  /** When the message was accepted. */
  createdAt: Date;
  /** The service itself shows it (`autoNotify`), whatever the account is set to. */
  isShownByService: boolean;
}

/** Of an e-mail: what it looks like, and how its reader leaves. `content` is its plain text. */
export interface EmailDetails {
  /** Rendered, its links leading through ours; null for plain text alone. */
  html: string | null;
  /** Where one POST ends it (RFC 8058). */
  unsubscribeUrl: string;
  /** Left sides of addresses of ours: where the mail comes back to, and where to write to hear no more. */
  bounceMailbox: string;
  leaveMailbox: string;
  /** What it is about, and whose: for `List-Id` and `Feedback-ID`. */
  topic: string;
  appId: string;
}

/** A template of WhatsApp with the values of its parameters: rendered, and legal (no line breaks, no runs of blanks). */
export interface TemplateDetails {
  name: string;
  /** As WhatsApp writes it: `en`, `pt_BR`. */
  language: string;
  isMarketing: boolean;
  header:
    | { kind: "text"; parameter: TemplateParameter }
    | { kind: "image" | "video" | "document"; link: string; filename: string | null }
    | null;
  /** In the order of the template. */
  body: readonly TemplateParameter[];
  /** Those that take a value, by their place among all buttons, from 0. */
  buttons: readonly { index: number; kind: "url" | "quick_reply" | "copy_code"; text: string }[];
}

/** `name` is null in templates that count their parameters. */
export interface TemplateParameter {
  name: string | null;
  text: string;
}

/**
 * What became of an attempt to send.
 *
 * - `accepted`: the provider took it. `providerId` is its name for the message, null when it gives none.
 * - `retry`: not now (5xx, no connection); the same message again later, not before `afterMs` if it said so. `isPatient`
 *   where later means hours up to days, as it does with mail.
 * - `throttle`: too fast. The whole account waits `afterMs` (or as long as the gate thinks), and the message goes again.
 * - `rejected`: this message will never be taken; another may be. `isUnreachable` where nobody was reached at the address
 *   for now: it is left alone when that happens again and again.
 * - `left`: the person has told the provider that they want to hear no more from us on this channel.
 * - `halted`: nobody will be given this message as it is, as with a template that was paused. The message pauses.
 * - `gone`: the address is dead: do not write to it again. `cause` is why: `unregistered` (it was good, and the app was
 *   removed or the mailbox closed) or `invalid` (it never was one of this account). `since` is when the service found
 *   that out: who registered it again later is not gone.
 * - `misconfigured`: credentials, template or bill: the account pauses until somebody mended it, no message is burnt.
 * - `unknown`: it may have gone out (time-out or broken connection after the body was sent).
 *
 * `code` is the provider's own, at most 64 characters; `detail` one sentence for a person, without secrets.
 */
export type Outcome =
  | { kind: "accepted"; providerId: string | null }
  | { kind: "retry"; code: string; detail: string; afterMs?: number; isPatient?: true }
  | { kind: "throttle"; code: string; detail: string; afterMs?: number }
  | { kind: "rejected"; code: string; detail: string; isUnreachable?: true }
  | { kind: "left"; code: string; detail: string }
  | { kind: "halted"; code: string; detail: string }
  | { kind: "gone"; cause: "unregistered" | "invalid"; code: string; detail: string; since?: Date }
  | { kind: "misconfigured"; code: string; detail: string }
  | { kind: "unknown"; code: string; detail: string };

/** Whether an account works, in words: shown to whoever set it up. Nothing is sent to anybody. */
export interface CheckResult {
  ok: boolean;
  detail: string;
}

/** A later word about a message. It names the delivery, or what the provider called the message. */
export interface ProviderReceipt {
  subject: { deliveryId: string } | { providerId: string };
  state: ReceiptState;
  /** When it happened, by the provider's clock; null when it does not say. */
  at: Date | null;
  code: string | null;
  detail: string | null;
  /** The address is dead. */
  isGone: boolean;
  /** The person wants to hear no more from us on this channel. */
  hasLeft?: boolean;
  /** Nobody was reached for now; see {@link Outcome}. */
  isUnreachable?: boolean;
}

/** What somebody wants to hear from now on, on the channel of the account: told by a word in a message or by a switch. */
export interface ProviderWish {
  /** Phone in digits with its country code, or WhatsApp's own id of somebody; see {@link Outbound.to}. */
  address: string;
  wants: "stop" | "resume";
  /** What they said, as `STOP`. */
  said: string;
}

/** Somebody's phone and what WhatsApp calls them with this business. */
export interface WhatsappIdentity {
  /** Digits with its country code. */
  phone: string;
  whatsappId: string;
}

/** What became of a template since it was listed. */
export interface TemplateNews {
  name: string;
  language: string;
  /** As in {@link MessageTemplate}. */
  status: MessageTemplate["status"];
  detail: string | null;
}

/** A request of a provider to our receipts address, as it came. */
export interface ReceiptRequest {
  method: string;
  /** The whole address that was called, as the outside knows it: some signatures are over it. */
  url: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: Readonly<Record<string, string | string[]>>;
  body: Buffer;
}

/**
 * What to answer a provider: the receipts in it, or why it was refused (`unverified` is 401, `unreadable` 400). `answer`
 * is a text to answer with, where the provider wants one.
 */
export type ParsedReceipts =
  | {
      ok: true;
      receipts: ProviderReceipt[];
      wishes?: ProviderWish[];
      people?: WhatsappIdentity[];
      templates?: TemplateNews[];
      answer?: { type: string; body: string };
    }
  | { ok: false; refused: "unverified" | "unreadable"; detail: string };

/** An open account: its connections. */
export interface Sender {
  /** Sends one message. Never throws: what goes wrong is an outcome. `signal` ends waiting, as an `unknown` or `retry`. */
  send(message: Outbound, signal: AbortSignal): Promise<Outcome>;
  /** Where the service takes several messages in one request: as {@link send}, with one outcome a message in their order. */
  batch?: { most: number; send(messages: readonly Outbound[], signal: AbortSignal): Promise<Outcome[]> };
  /**
   * Where the service can be asked by our id: what became of messages that may have gone out. Null for one that it does
   * not know, or when it cannot be asked. Never throws.
   */
  find?(messages: readonly Outbound[], signal: AbortSignal): Promise<(Outcome | null)[]>;
  /** Where messages are templates that the service has approved: all that there are. Never throws. */
  listTemplates?(
    signal: AbortSignal,
  ): Promise<{ ok: true; templates: MessageTemplate[] } | { ok: false; detail: string }>;
  check(signal: AbortSignal): Promise<CheckResult>;
  close(): Promise<void>;
}

/** A service that carries channels. One file each below `channels/`; known by its name in `channels/registry.ts`. */
export interface Provider<Config = unknown> {
  /** In addresses and rows: `http`, `fcm`, `smtp` … */
  name: string;
  channels: readonly ProviderChannel[];
  /** The push tokens that it takes; null for any. */
  tokenServices: readonly PushService[] | null;
  /**
   * What an account needs. Members named in `secrets` are kept encrypted and never shown again; they are texts, or
   * objects of texts by name, whose names are shown.
   */
  config: z.ZodType<Config>;
  secrets: readonly string[];
  /** Whom secrets are given to, as an origin. Whoever sends them elsewhere has to know them. Null where it is fixed. */
  destinationOf(config: Config): string | null;
  /** Whether a repeat under the same delivery id does no harm. What is not ends as `unknown` rather than go out twice. */
  isRepeatSafe(config: Config, channel: ProviderChannel): boolean;
  /** Whether receipts name the delivery id; else what the provider called the message is kept to find it by. */
  echoesDeliveryId(config: Config): boolean;
  /** Makes members of the config that nobody else gives out, as a pair of keys; absent where there are none. */
  makeKeys?(): Record<string, string>;
  /** What has to stand in the DNS for others to believe the account; absent where nothing has to. */
  dnsRecords?(config: Config): DnsRecord[];
  /** Messages to people who did not write first are templates that the service has approved. */
  hasTemplates?: boolean;
  /** How many people the service lets a business write to first within a time; null for no limit that we know. */
  audienceLimit?(config: Config): AudienceLimit | null;
  /** Opens an account. */
  open(config: Config, outside: Outside, opening: Opening): Sender;
  parseReceipts(config: Config, request: ReceiptRequest): ParsedReceipts;
}

/** What an account is opened with. */
export interface Opening {
  /** Requests that are under way at once, at most. */
  connections: number;
  /** Where its service reports what became of messages; null or missing when it could not reach us there. */
  receiptsUrl?: string | null;
}

/** People whom a business may write to first in a moving window: accounts with the same name share it. */
export interface AudienceLimit {
  name: string;
  people: number;
  windowMs: number;
}

/** A record that has to stand in the DNS. */
export interface DnsRecord {
  purpose: "spf" | "dkim" | "dmarc" | "bounce";
  type: "TXT" | "MX";
  /** Without a dot at its end. */
  name: string;
  /** To copy. Of an MX, without the preference. */
  value: string;
  /** What the texts or hosts that were found mean. */
  judge(found: readonly string[]): { ok: boolean; detail: string };
}

/** What a provider is given to reach the world with. */
export interface Outside {
  /** Where services reach us, as `https://chapar.example.com`; null or missing when they cannot. */
  publicUrl?: string | null;
  /** The operator allows addresses in private networks (`ALLOW_PRIVATE_ADDRESSES`): for stand-ins and services at home. */
  allowsPrivate: boolean;
}
