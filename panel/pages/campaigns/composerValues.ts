import type { Campaign, CampaignContent } from "../../../server/campaigns/schema.ts";
import type { CampaignDraft } from "../../api/campaigns.ts";
import { asFilter, type Filter } from "../../api/segments.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { isRecord } from "../../ui/rules.ts";
import { type Draft, draftOf, filterOfDraft } from "../segments/draft.ts";
import { type NoticeExtras, noExtras, readExtras, writeExtras } from "./noticeExtras.ts";

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
  const { content: text, subject, notification, inApp, missing, ...content } = campaign.content;
  const { title, body, text: older, clickUrl, ...others } = notification ?? {};
  const { extras, rest } = readExtras(others, newId);
  const shown = textIn(body) || textIn(older);
  return {
    name: campaign.name,
    channel: campaign.channel,
    audience: audienceOf(campaign.audience, newId),
    text,
    subject: subject ?? "",
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

/** What is saved. Null while there is nothing to be: a new campaign needs a word, and an audience. */
export function draftOfValues(
  values: ComposerValues,
  untitled: string,
  isNew: boolean,
): CampaignDraft | null {
  const filter = filterOfAudience(values.audience);
  const isWordless = values.name.trim() === "" && values.text.trim() === "";
  if (isNew && (filter === null || isWordless)) return null;
  const { title, body, clickUrl, text, extras, rest } = values;
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
      ...(values.channel === "email" && values.subject && { subject: values.subject }),
      ...(isNotifying(values) && { notification }),
      ...(values.channel === "inbox" && !values.notifies && { inApp: true }),
    },
    ...filter,
  };
}
