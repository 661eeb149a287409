import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { CampaignDraft } from "../../api/campaigns.ts";
import { asFilter, type Filter } from "../../api/segments.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { isRecord } from "../../ui/rules.ts";
import { isBlank } from "../email/emailSource.ts";
import { type Draft, draftOf, filterOfDraft } from "../segments/draft.ts";
import { type ContentValues, newContent, readContent, writeContent } from "./contentValues.ts";
import { noPlan, type PlanValues, readPlan, writePlan } from "./plan.ts";

/** Whom a campaign is for, as it is chosen. */
export type Audience =
  | { kind: "everyone" }
  /** Null before one is chosen. */
  | { kind: "segment"; id: string | null }
  | { kind: "own"; draft: Draft }
  /** Of inbox and push. Null before one is chosen. */
  | { kind: "topic"; topic: string | null }
  | { kind: "users"; ids: string[] }
  /** Before a file was taken; it is a segment then. */
  | { kind: "file" };

/** What is written on the page of a campaign. */
export interface ComposerValues extends ContentValues {
  name: string;
  channel: ChannelName;
  audience: Audience;
  /** Contents B, C … that are tried beside its own, which is A. */
  variants: ContentValues[];
  plan: PlanValues;
}

export const newValues: ComposerValues = {
  ...newContent,
  ...{ name: "", channel: "inbox", audience: { kind: "everyone" }, variants: [], plan: noPlan },
};

function audienceOf({ target, segment, users, topic }: Campaign["audience"], newId: () => string): Audience {
  if (users !== undefined) return { kind: "users", ids: users };
  if (topic !== undefined) return { kind: "topic", topic };
  if (typeof target === "string" && segment === undefined) return { kind: "segment", id: target };
  const filter = segment ?? target ?? {};
  if (!isRecord(filter)) return { kind: "everyone" };
  const isEveryone = Object.keys(filter).length === 0;
  return isEveryone ? { kind: "everyone" } : { kind: "own", draft: draftOf(asFilter(filter), newId) };
}

/** A saved campaign as it is shown. */
export function valuesOf(campaign: Campaign, newId: () => string): ComposerValues {
  const { name, channel } = campaign;
  return {
    ...readContent(campaign.content, channel, newId),
    ...{ name, channel, audience: audienceOf(campaign.audience, newId), plan: readPlan(campaign) },
    variants: campaign.variants.map(({ content }) => readContent(content, channel, newId)),
  };
}

const oneRule = (name: string, value: readonly string[]): Filter => ({
  segment: { all: [{ name, operator: "include", value }] },
});

/** The filter of an audience; null while none is chosen, or while its JSON is none. */
export function filterOfAudience(audience: Audience): Filter | null {
  switch (audience.kind) {
    case "everyone":
      return { target: {} };
    case "segment":
      return audience.id === null ? null : { target: audience.id };
    case "own":
      return filterOfDraft(audience.draft);
    case "topic":
      if (audience.topic === null) return null;
      // Every device is in it.
      return audience.topic === "default" ? { target: {} } : oneRule("topics", [audience.topic]);
    case "users":
      return audience.ids.length === 0 ? null : oneRule("userId", audience.ids);
    case "file":
      return null;
  }
}

/** What is saved of an audience; null while none is chosen. */
function writeAudience(
  audience: Audience,
): Pick<CampaignDraft, "target" | "segment" | "users" | "topic"> | null {
  const filter = filterOfAudience(audience);
  if (filter === null) return null;
  if (audience.kind === "users") return { users: audience.ids };
  return audience.kind === "topic" && audience.topic !== null ? { topic: audience.topic } : filter;
}

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

/** What is saved. Null while there is nothing to be: a new campaign needs a word, and an audience. */
export function draftOfValues(
  values: ComposerValues,
  untitled: string,
  isNew: boolean,
): CampaignDraft | null {
  const audience = writeAudience(values.audience);
  if (isNew && (audience === null || isWordless(values))) return null;
  const { channel } = values;
  return {
    name: values.name.trim() || untitled,
    channel,
    content: writeContent(values, channel),
    variants: values.variants.map((variant) => ({ content: writeContent(variant, channel) })),
    ...writePlan(values.plan, values.variants.length > 0),
    ...audience,
  };
}
