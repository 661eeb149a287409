import type { CampaignContent } from "../../../server/campaigns/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { bodyOf, type EmailSource, sourceOf } from "../email/emailSource.ts";
import { readWhatsapp, type WhatsappValues, writeWhatsapp } from "../whatsapp/whatsappValues.ts";
import { type EditionValues, readEdition, writeEdition } from "./editions.ts";
import { type NoticeExtras, noExtras, readExtras, writeExtras } from "./noticeExtras.ts";
import { noSmart, readSmart, type SmartValues, writeSmart } from "./smart.ts";

/** What a campaign says, as it is written. Each of its variants says something of its own. */
export interface ContentValues {
  text: string;
  /** Of an e-mail. */
  subject: string;
  preheader: string;
  /** What it looks like; null before the channel was e-mail. */
  email: EmailSource | null;
  /** On WhatsApp the template; null while none is chosen, and where a text is sent as it is. */
  whatsapp: WhatsappValues | null;
  /** Of inbox and push: what follows for whom it does not reach. */
  smart: SmartValues;
  /** Blank is the default one. */
  topic: string;
  /** Of the inbox: whether the system shows something, too. */
  notifies: boolean;
  title: string;
  /** Blank is the text. */
  body: string;
  clickUrl: string;
  /** What hardly every notification has. */
  extras: NoticeExtras;
  missing: CampaignContent["missing"];
  /** Other words for those who speak a language, or on a platform. */
  editions: EditionValues[];
  /** The promo code of whoever comes after the last one; blank for none. */
  promo: string;
  /** What of the content and its notification no field shows. */
  rest: { content: Partial<CampaignContent>; notification: Record<string, unknown> };
}

export const newContent: ContentValues = {
  ...{ text: "", subject: "", preheader: "", email: null, whatsapp: null, smart: noSmart, topic: "" },
  ...{ notifies: true, title: "", body: "", clickUrl: "", extras: noExtras, missing: "send" },
  ...{ editions: [], promo: "", rest: { content: {}, notification: {} } },
};

/** The names of all that a content has. */
export const contentKeys = Object.keys(newContent) as (keyof ContentValues)[];

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** What is saved as it is shown. */
export function readContent(
  saved: CampaignContent,
  channel: ChannelName,
  newId: () => string,
): ContentValues {
  const { content: text, subject, preheader, email, topic, editions = [], promo, ...others } = saved;
  const { notification, inApp, missing, whatsapp, fallback, ...content } = others;
  const { title, body, text: older, clickUrl, ...unread } = notification ?? {};
  const { extras, rest } = readExtras(unread, newId);
  const shown = textIn(body) || textIn(older);
  return {
    text,
    subject: subject ?? "",
    preheader: preheader ?? "",
    email: channel === "email" ? sourceOf(email) : null,
    whatsapp: channel === "whatsapp" ? readWhatsapp(whatsapp) : null,
    smart: readSmart(fallback),
    topic: topic ?? "",
    notifies: notification !== undefined || (channel === "inbox" && !inApp),
    title: textIn(title),
    body: shown === text ? "" : shown,
    clickUrl: textIn(clickUrl),
    extras,
    missing,
    editions: editions.map((edition) => readEdition(edition, saved, newId)),
    promo: promo?.fallback ?? "",
    rest: { content, notification: rest },
  };
}

/** Whether the system shows something. A push is nothing else. */
export const isNotifying = (channel: ChannelName, { notifies }: Pick<ContentValues, "notifies">): boolean =>
  channel === "push" || (channel === "inbox" && notifies);

/** What is saved of an e-mail beside its plain text. */
function emailContent({ subject, preheader, email }: ContentValues): Partial<CampaignContent> {
  const body = email === null ? undefined : bodyOf(email);
  return {
    ...(subject && { subject }),
    ...(preheader.trim() && { preheader }),
    ...(body !== undefined && { email: body }),
  };
}

/** What is saved of what is written. */
export function writeContent(values: ContentValues, channel: ChannelName): CampaignContent {
  const { title, body, clickUrl, text, extras, rest, promo } = values;
  const fallback = writeSmart(values.smart, channel);
  const notification = {
    ...rest.notification,
    ...(title.trim() && { title: title.trim() }),
    // An inbox message has a body of its own only where somebody wrote one; a push says its text.
    ...((text || body) && { body: (channel === "inbox" && body.trim()) || text }),
    ...(clickUrl.trim() && { clickUrl: clickUrl.trim() }),
    ...writeExtras(extras),
  };
  const isShown = isNotifying(channel, values);
  const editions =
    channel === "whatsapp"
      ? []
      : values.editions.map((edition) => writeEdition(edition, channel, isShown ? notification : null));
  return {
    ...rest.content,
    content: text,
    missing: values.missing,
    ...(channel === "email" && emailContent(values)),
    ...(channel === "whatsapp" && values.whatsapp && { whatsapp: writeWhatsapp(values.whatsapp) }),
    ...(fallback && { fallback }),
    ...(values.topic && { topic: values.topic }),
    ...(isShown && { notification }),
    ...(channel === "inbox" && !values.notifies && { inApp: true }),
    ...(editions.length > 0 && { editions }),
    ...(promo.trim() && { promo: { fallback: promo.trim() } }),
  };
}

/** Whether some of its texts stand for a promo code. */
export const mentionsPromo = (values: ContentValues, channel: ChannelName): boolean =>
  /\bpromo_code\b/.test(JSON.stringify(writeContent({ ...values, promo: "" }, channel)));
