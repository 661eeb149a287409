import type { CampaignContent } from "../../../server/campaigns/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { bodyOf, type EmailSource, sourceOf } from "../email/emailSource.ts";

type Edition = NonNullable<CampaignContent["editions"]>[number];

export const platforms = ["android", "ios", "web"] as const;
export type Platform = (typeof platforms)[number];

/** Words for a language or platform, as they are written. What is blank is as for everyone. */
export interface EditionValues {
  /** Of the tab. */
  key: string;
  /** Blank is any; not both are. */
  language: string;
  platform: Platform | "";
  text: string;
  subject: string;
  preheader: string;
  title: string;
  body: string;
  /** Null is that of everyone. */
  email: EmailSource | null;
  /** What its notification has that no field shows. */
  rest: Record<string, unknown>;
}

/** One without words yet. */
export const newEdition = (key: string, language: string, platform: Platform | ""): EditionValues => ({
  ...{ key, language, platform, text: "", subject: "", preheader: "", title: "", body: "" },
  ...{ email: null, rest: {} },
});

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** A saved one as it is shown. Its notification is whole; only what differs from that of everyone counts as written. */
export function readEdition(edition: Edition, base: CampaignContent, newId: () => string): EditionValues {
  const text = edition.content ?? "";
  const { title, body, ...notification } = edition.notification ?? {};
  const of = base.notification ?? {};
  const others = Object.entries(notification).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(of[name as keyof typeof of]),
  );
  const shown = textIn(body);
  const asText = [text || base.content, base.content, textIn(of.body)].includes(shown);
  return {
    key: newId(),
    language: edition.language ?? "",
    platform: edition.platform ?? "",
    text,
    subject: edition.subject ?? "",
    preheader: edition.preheader ?? "",
    title: textIn(title) === textIn(of.title) ? "" : textIn(title),
    body: asText ? "" : shown,
    email: edition.email === undefined ? null : sourceOf(edition.email),
    rest: Object.fromEntries(others),
  };
}

/** What is saved; `notification` is that of everyone, null where nothing is shown by the system. */
export function writeEdition(
  { language, platform, text, subject, preheader, title, body, email, rest }: EditionValues,
  channel: ChannelName,
  notification: Record<string, unknown> | null,
): Edition {
  const source = email === null ? undefined : bodyOf(email);
  const words = (channel === "inbox" && body.trim()) || text;
  const hasNotice = notification !== null && (title.trim() || words || Object.keys(rest).length > 0);
  return {
    ...(language && { language }),
    ...(platform && (channel === "inbox" || channel === "push") && { platform }),
    ...(text && { content: text }),
    ...(channel === "email" && {
      ...(subject && { subject }),
      ...(preheader.trim() && { preheader }),
      ...(source !== undefined && { email: source }),
    }),
    ...(hasNotice && {
      notification: {
        ...notification,
        ...rest,
        ...(title.trim() && { title: title.trim() }),
        ...(words && { body: words }),
      },
    }),
  };
}

/** Whether the channel can tell for whom an edition is: platforms are of devices. */
export const isFor = ({ language, platform }: EditionValues, channel: ChannelName): boolean =>
  language !== "" || (platform !== "" && (channel === "inbox" || channel === "push"));
