import type { Channel } from "../channels/schema.ts";
import { type Fault, validationProblem } from "../lib/problem.ts";
import type { WallTime } from "../lib/wall-time.ts";
import { type Filter, fallbackOf, type Manner, type SendPlan } from "../messages/plans.ts";
import type { MessageContent } from "../messages/schema.ts";
import { readTexts } from "../messages/texts.ts";
import { faultsOfTexts } from "../messages/writing.ts";
import type { SendableTemplates } from "../providers/schema.ts";
import { type CompiledEmail, compileEmail } from "../templates/email/compile.ts";
import { fillTemplate } from "../templates/whatsapp/fill.ts";
import type { CampaignAudience, CampaignRow } from "./queries.ts";
import type { CampaignContent } from "./schema.ts";
import { textsIn } from "./texts.ts";

/** What a campaign needs to know of its surroundings to be sent. */
export interface PlanParts {
  publicUrl: string;
  /** Of the account that sends on WhatsApp; null when there is none. */
  whatsapp: SendableTemplates | null;
}

/**
 * What a run of a campaign sends: every content with its e-mails or templates made of their sources. Throws every fault
 * there is, at its place in the campaign.
 */
export async function planRun(
  row: CampaignRow,
  parts: PlanParts,
  run: { now: Date; wallTime: WallTime | null },
): Promise<SendPlan> {
  const { contents, faults } = await makeContents(row, parts);
  const all = [...faultsOfPlan(row), ...faults];
  const [content, ...variants] = contents;
  if (all.length > 0 || !content) throw validationProblem(all);
  const following = variants.map((variant) => withFallbackOf(row, content, variant));
  return { ...planOf(row, content), manner: mannerOf(row, following, run) };
}

/** A content with what follows the first one; where that has no words of its own, it says what this one does. */
function withFallbackOf(row: CampaignRow, { fallback }: MessageContent, variant: MessageContent) {
  if (!fallback) return variant;
  const hasWords = row.content.fallback?.content?.trim();
  return { ...variant, fallback: hasWords ? fallback : { ...fallback, content: variant.content } };
}

/** What one content of a campaign says, to be sent to a few for a test. */
export async function planTest(
  row: CampaignRow,
  parts: PlanParts,
  variant: number,
): Promise<Omit<SendPlan, "to">> {
  const { contents, faults } = await makeContents(row, parts, variant);
  const [content] = contents;
  if (faults.length > 0 || !content) throw validationProblem(faults);
  // A test is worth no code of anybody's.
  const { to: _, ...plan } = planOf(row, { ...content, promo: { ...content.promo, isSample: true } });
  return { ...plan, campaign: null };
}

const planOf = (row: CampaignRow, content: MessageContent): SendPlan => ({
  ...{ channel: row.channel, topic: row.audience.topic ?? row.content.topic ?? "default", content },
  ...{ trackId: row.content.trackId ?? null, clientId: null, ttl: row.content.ttl ?? null },
  ...{ to: audienceOf(row.audience), campaign: { id: row.campaignId, name: row.name } },
});

function audienceOf({ topic, users, ...filter }: CampaignAudience): SendPlan["to"] {
  if (topic !== undefined) return { kind: "topic" };
  return { kind: "target", filter: users ? filterOfUsers(users) : (filter as Filter) };
}

/** Users by their ids are a filter as any other. */
export const filterOfUsers = (users: readonly string[]): Filter => ({
  target: { userId: { inq: [...users] } },
});

function mannerOf(
  { plan: { limits, rollout, winner } }: CampaignRow,
  variants: readonly MessageContent[],
  { now, wallTime }: { now: Date; wallTime: WallTime | null },
): Manner {
  const after = winner?.after;
  return {
    ...{ variants, wallTime, throttle: limits.throttle ?? null },
    ...{ isQuiet: limits.quietHours, isCapped: limits.cap },
    firstShare: winner?.share ?? rollout?.share ?? null,
    winner: winner && {
      by: winner.by,
      decideAt: after === undefined ? null : new Date(now.getTime() + after * 1000),
    },
  };
}

/** What does not go together. */
function faultsOfPlan({ channel, audience, plan }: CampaignRow): Fault[] {
  const { variants, winner, rollout } = plan;
  const isOnDevices = channel === "inbox" || channel === "push";
  return [
    ...(audience.topic !== undefined && !isOnDevices
      ? [{ pointer: "/topic", detail: `has no place on ${channel}: devices are in topics; choose a segment` }]
      : []),
    ...(winner && variants.length === 0
      ? [{ pointer: "/winner", detail: "has nothing to choose from; write another content, or take it out" }]
      : []),
    ...(winner && rollout
      ? [
          {
            pointer: "/rollout",
            detail: "has no place beside a winner, whose share goes first; take one out",
          },
        ]
      : []),
    ...variants.flatMap(({ content }, index) => [
      ...(content.fallback
        ? [
            {
              pointer: `/variants/${index}/content/fallback`,
              detail: "is taken from the content of the campaign; take it out here",
            },
          ]
        : []),
      ...(content.topic !== undefined || content.trackId !== undefined || content.ttl !== undefined
        ? [
            {
              pointer: `/variants/${index}/content`,
              detail: "has a topic, trackId or ttl of its own; they are those of the campaign",
            },
          ]
        : []),
    ]),
  ];
}

/**
 * What keeps one content from being sent on a channel, by pointers into it. Of WhatsApp it does not ask which templates
 * there are: they are those of an account, and may be others by the time it is sent.
 */
export async function faultsOfContent(
  channel: Channel,
  content: CampaignContent,
  publicUrl: string,
): Promise<Fault[]> {
  if (channel === "whatsapp" && content.whatsapp)
    return [...faultsOfFallback(channel, content), ...readTexts(textsIn(content)).faults];
  const parts = { publicUrl, whatsapp: null };
  const links = { count: 0 };
  const made = await makeContent(channel, content, parts, links);
  // Editions are looked at beside words that are whole, whatever is wrong with the others.
  const beside = made.content ?? plainContent(channel, { ...content, content: "-" });
  return [...made.faults, ...(await makeEditions(channel, content, beside, parts, links))];
}

interface Made {
  contents: MessageContent[];
  faults: Fault[];
}

/** The contents of a campaign ready to be sent, or one of them; links are numbered through all of them. */
async function makeContents(row: CampaignRow, parts: PlanParts, only?: number): Promise<Made> {
  const sources = [
    { content: row.content, at: "/content" },
    ...row.plan.variants.map(({ content }, index) => ({ content, at: `/variants/${index}/content` })),
  ].filter((_, index) => only === undefined || index === only);
  if (sources.length === 0)
    return { contents: [], faults: [{ pointer: "/variant", detail: `there is no content ${only}` }] };
  const links = { count: 0 };
  const made: { content: MessageContent | null; faults: Fault[] }[] = [];
  for (const { content } of sources) made.push(await makeContent(row.channel, content, parts, links));
  // After all of them, since that is how their links are looked up.
  for (const [index, { content: source }] of sources.entries()) {
    const one = made[index];
    if (one) one.faults.push(...(await makeEditions(row.channel, source, one.content, parts, links)));
  }
  return {
    contents: made.flatMap(({ content }) => content ?? []),
    faults: made.flatMap(({ faults }, index) =>
      faults.map(({ pointer, detail }) => ({ pointer: `${sources[index]?.at}${pointer}`, detail })),
    ),
  };
}

/** One content, with an e-mail or template made of its source; null where that cannot be. Pointers are within it. */
async function makeContent(
  channel: Channel,
  content: CampaignContent,
  { publicUrl, whatsapp }: PlanParts,
  links: { count: number },
): Promise<{ content: MessageContent | null; faults: Fault[] }> {
  if (channel === "whatsapp" && whatsapp?.templates) return makeTemplate(content, whatsapp);
  const made =
    channel === "email" && content.email ? await makeEmail(content, content.email, publicUrl, links) : null;
  const plain = plainContent(channel, content);
  const faults = [
    ...faultsOfFallback(channel, content),
    ...(channel === "whatsapp" && content.whatsapp
      ? [
          {
            pointer: "/whatsapp",
            detail: `${whatsapp?.account ?? "no account of WhatsApp"} has no templates; write a text, or use an account that has some`,
          },
        ]
      : []),
    ...(content.content.trim() === "" && !content.notification?.body && !made
      ? [{ pointer: "/content", detail: "is required: the text of the message" }]
      : []),
    ...(channel === "email" && !content.subject?.trim()
      ? [{ pointer: "/subject", detail: "is required for an e-mail" }]
      : []),
    ...faultsOfTexts({ ...plain, editions: undefined }),
    ...(made?.faults ?? []),
  ];
  if (!made?.email) return { content: faults.length > 0 ? null : plain, faults };
  // Lists of messages show a text, and that of an e-mail may be long.
  const shown = content.content.trim() || (content.subject ?? "");
  return { content: faults.length > 0 ? null : { ...plain, content: shown, email: made.email }, faults };
}

async function makeEmail(
  { content: text, preheader = "" }: Pick<CampaignContent, "content" | "preheader">,
  body: NonNullable<CampaignContent["email"]>,
  publicUrl: string,
  links: { count: number },
): Promise<{ email: CompiledEmail | null; faults: Fault[] }> {
  const made = await compileEmail({ body, preheader, text, linksBefore: links.count }, publicUrl);
  if (!made.ok) return { email: null, faults: made.faults };
  links.count += made.email.links.length;
  return { email: made.email, faults: [] };
}

/** Puts the editions of a content into what was made of it; answers what is wrong with them. */
async function makeEditions(
  channel: Channel,
  source: CampaignContent,
  made: MessageContent | null,
  { publicUrl }: PlanParts,
  links: { count: number },
): Promise<Fault[]> {
  const given = source.editions ?? [];
  if (given.length === 0) return [];
  if (channel === "whatsapp")
    return [{ pointer: "/editions", detail: "have no place on WhatsApp, whose templates have languages" }];
  const faults: Fault[] = [];
  const editions: NonNullable<MessageContent["editions"]> = [];
  for (const [index, edition] of given.entries()) {
    const { language, platform, content, subject, preheader, email: body, notification } = edition;
    const at = (pointer: string) => `/editions/${index}${pointer}`;
    if (platform !== undefined && channel !== "inbox" && channel !== "push")
      faults.push({ pointer: at("/platform"), detail: `has no place on ${channel}, which is no device's` });
    if (channel === "email" && source.email && !body && content !== undefined)
      faults.push({
        pointer: at("/email"),
        detail: "is required, since the others get more than a plain text",
      });
    const words = { content: content ?? "", preheader: preheader ?? source.preheader };
    const mail = channel === "email" && body ? await makeEmail(words, body, publicUrl, links) : null;
    faults.push(...(mail?.faults ?? []).map(({ pointer, detail }) => ({ pointer: at(pointer), detail })));
    editions.push({
      ...{ language, platform, content: content?.trim() || undefined, subject: subject?.trim() || undefined },
      ...(mail?.email ? { email: mail.email } : {}),
      ...(content || notification ? { notification: shownIn(source, content, notification) } : {}),
    });
  }
  if (made && faults.length === 0) {
    made.editions = editions;
    const ofTexts = faultsOfTexts(made);
    faults.push(...ofTexts.filter(({ pointer }) => pointer.startsWith("/editions/")));
  }
  return faults;
}

type Shown = CampaignContent["notification"];

/** What is shown of an edition: its own words, where the notification of the others only repeats theirs. */
function shownIn(source: CampaignContent, content: string | undefined, own: Shown): Shown {
  if (own?.body || !content || !source.notification?.body) return own;
  return source.notification.body === source.content ? { ...own, body: content } : own;
}

/** On WhatsApp: the template of the account that will send it, filled in. */
function makeTemplate(
  given: CampaignContent,
  { account, templates }: SendableTemplates,
): { content: MessageContent | null; faults: Fault[] } {
  const filled = given.whatsapp
    ? fillTemplate(given.whatsapp, { account, templates: templates ?? [] })
    : {
        ok: false as const,
        faults: [
          {
            pointer: "",
            detail: `is required: ${account} sends templates that WhatsApp has approved; choose one`,
          },
        ],
      };
  const misfits = [
    ...faultsOfFallback("whatsapp", given),
    ...(filled.ok ? [] : filled.faults).map(({ pointer, detail }) => ({
      ...{ pointer: `/whatsapp${pointer}`, detail },
    })),
  ];
  if (!filled.ok || misfits.length > 0) return { content: null, faults: misfits };
  const content = { ...plainContent("whatsapp", given), content: filled.text, whatsapp: filled.whatsapp };
  // As they were written: by the names of the parameters.
  const written = (pointer: string) =>
    pointer.replace(/^\/whatsapp\/body\/(\d+)/, (_, index) => `/whatsapp/body/${filled.parameters[index]}`);
  const faults = faultsOfTexts(content).map(({ pointer, detail }) => ({ pointer: written(pointer), detail }));
  return { content: faults.length > 0 ? null : content, faults };
}

/** What follows can only follow what a device shows. */
function faultsOfFallback(channel: Channel, { fallback }: CampaignContent): Fault[] {
  if (!fallback) return [];
  if (channel !== "inbox" && channel !== "push")
    return [{ pointer: "/fallback", detail: `has no place on ${channel}; it follows inbox and push` }];
  if (channel === "push" && fallback.policy === "NOT_CONNECTED")
    return [
      {
        pointer: "/fallback/policy",
        detail: "NOT_CONNECTED is of the inbox: a push goes to devices that are not connected",
      },
    ];
  return [];
}

function plainContent(channel: Channel, given: CampaignContent): MessageContent {
  const { content, subject, notification, data, missing, inApp, silent, fallback, promo } = given;
  const isNotifying = channel === "push" || notification !== undefined;
  return {
    ...{ content, subject, notification, data, missing, inApp, silent, promo, template: true },
    ...(fallback
      ? { fallback: fallbackOf({ ...fallback, content: fallback.content?.trim() || undefined }, content) }
      : {}),
    // A notification without a text of its own shows the message's.
    ...(isNotifying && !notification?.body ? { useAsAlert: true } : {}),
  };
}
