import type { Campaign, CampaignContent } from "../../../server/campaigns/schema.ts";
import type { CampaignDraft } from "../../api/campaigns.ts";
import { asFilter, type Filter } from "../../api/segments.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { isRecord } from "../../ui/rules.ts";
import { bodyOf, type EmailSource, isBlank, sourceOf } from "../email/emailSource.ts";
import { type Draft, draftOf, filterOfDraft } from "../segments/draft.ts";
import { readWhatsapp, type WhatsappValues, writeWhatsapp } from "../whatsapp/whatsappValues.ts";
import { type NoticeExtras, noExtras, readExtras, writeExtras } from "./noticeExtras.ts";
import { noSmart, readSmart, type SmartValues, writeSmart } from "./smart.ts";

/** Whom a campaign is for, as it is chosen. */
export type Audience =
  | { kind: "everyone" }
  /** Null before one is chosen. */
  | { kind: "segment"; id: string | null }
  | { kind: "own"; draft: Draft };

/** What is written on the page of a campaign. */
export interface ComposerValues {
  name: string;
  channel: ChannelName;
  audience: Audience;
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
  /** What of the content and its notification no field shows. */
  rest: { content: Partial<CampaignContent>; notification: Record<string, unknown> };
}

export const newValues: ComposerValues = {
  name: "",
  channel: "inbox",
  audience: { kind: "everyone" },
  text: "",
  subject: "",
  preheader: "",
  email: null,
  whatsapp: null,
  smart: noSmart,
  topic: "",
  notifies: true,
  title: "",
  body: "",
  clickUrl: "",
  extras: noExtras,
  missing: "send",
  rest: { content: {}, notification: {} },
};

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

function audienceOf({ target, segment }: Campaign["audience"], newId: () => string): Audience {
  if (typeof target === "string" && segment === undefined) return { kind: "segment", id: target };
  const filter = segment ?? target ?? {};
  if (!isRecord(filter)) return { kind: "everyone" };
  const isEveryone = Object.keys(filter).length === 0;
  return isEveryone ? { kind: "everyone" } : { kind: "own", draft: draftOf(asFilter(filter), newId) };
}

/** A saved campaign as it is shown. */
export function valuesOf(campaign: Campaign, newId: () => string): ComposerValues {
  const { content: text, subject, preheader, email, topic, ...others } = campaign.content;
  const { notification, inApp, missing, whatsapp, fallback, ...content } = others;
  const { title, body, text: older, clickUrl, ...unread } = notification ?? {};
  const { extras, rest } = readExtras(unread, newId);
  const shown = textIn(body) || textIn(older);
  return {
    name: campaign.name,
    channel: campaign.channel,
    audience: audienceOf(campaign.audience, newId),
    text,
    subject: subject ?? "",
    preheader: preheader ?? "",
    email: campaign.channel === "email" ? sourceOf(email) : null,
    whatsapp: campaign.channel === "whatsapp" ? readWhatsapp(whatsapp) : null,
    smart: readSmart(fallback),
    topic: topic ?? "",
    notifies: notification !== undefined || (campaign.channel === "inbox" && !inApp),
    title: textIn(title),
    body: shown === text ? "" : shown,
    clickUrl: textIn(clickUrl),
    extras,
    missing,
    rest: { content, notification: rest },
  };
}

/** The filter of an audience; null while none is chosen, or while its JSON is none. */
export function filterOfAudience(audience: Audience): Filter | null {
  switch (audience.kind) {
    case "everyone":
      return { target: {} };
    case "segment":
      return audience.id === null ? null : { target: audience.id };
    case "own":
      return filterOfDraft(audience.draft);
  }
}

/** Whether the system shows something. A push is nothing else. */
export const isNotifying = ({ channel, notifies }: Pick<ComposerValues, "channel" | "notifies">): boolean =>
  channel === "push" || (channel === "inbox" && notifies);

/** Whether anybody has written something. What a new e-mail begins with is nobody's words. */
function isWordless({ name, channel, text, subject, email, whatsapp }: ComposerValues): boolean {
  if (channel === "whatsapp" && whatsapp !== null) return false;
  const isOwn = channel === "email" && email !== null && email.format !== "plain" && !email.isStarter;
  return !isOwn && [name, text, channel === "email" ? subject : ""].every((words) => words.trim() === "");
}

/** Whether there is something that a test could show. */
export function isTestable({ channel, text, subject, email, whatsapp }: ComposerValues): boolean {
  if (channel === "whatsapp" && whatsapp !== null) return true;
  if (text.trim() !== "") return true;
  if (channel !== "email" || email === null || isBlank(email)) return false;
  return subject.trim() !== "" || !email.isStarter;
}

/** What is saved of an e-mail beside its plain text. */
function emailContent({ subject, preheader, email }: ComposerValues): Partial<CampaignContent> {
  const body = email === null ? undefined : bodyOf(email);
  return {
    ...(subject && { subject }),
    ...(preheader.trim() && { preheader }),
    ...(body !== undefined && { email: body }),
  };
}

/** What is saved. Null while there is nothing to be: a new campaign needs a word, and an audience. */
export function draftOfValues(
  values: ComposerValues,
  untitled: string,
  isNew: boolean,
): CampaignDraft | null {
  const filter = filterOfAudience(values.audience);
  if (isNew && (filter === null || isWordless(values))) return null;
  const { title, body, clickUrl, text, extras, rest } = values;
  const fallback = writeSmart(values.smart, values.channel);
  const notification = {
    ...rest.notification,
    ...(title.trim() && { title: title.trim() }),
    // An inbox message has a body of its own only where somebody wrote one; a push says its text.
    ...((text || body) && { body: (values.channel === "inbox" && body.trim()) || text }),
    ...(clickUrl.trim() && { clickUrl: clickUrl.trim() }),
    ...writeExtras(extras),
  };
  return {
    name: values.name.trim() || untitled,
    channel: values.channel,
    content: {
      ...rest.content,
      content: text,
      missing: values.missing,
      ...(values.channel === "email" && emailContent(values)),
      ...(values.channel === "whatsapp" && values.whatsapp && { whatsapp: writeWhatsapp(values.whatsapp) }),
      ...(fallback && { fallback }),
      ...(values.topic && { topic: values.topic }),
      ...(isNotifying(values) && { notification }),
      ...(values.channel === "inbox" && !values.notifies && { inApp: true }),
    },
    ...filter,
  };
}
