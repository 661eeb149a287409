import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Channel } from "../channels/schema.ts";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import { acceptIn, type Sender } from "../messages/accept.ts";
import { getMessages, listUnplanned } from "../messages/messages.ts";
import { fallbackOf, type SendPlan } from "../messages/plans.ts";
import type { Message, MessageContent } from "../messages/schema.ts";
import { faultsOfTexts } from "../messages/writing.ts";
import type { SendableTemplates } from "../providers/schema.ts";
import { resolveFilter } from "../segments/resolve.ts";
import { filterOf } from "../segments/schema.ts";
import { compileEmail } from "../templates/email/compile.ts";
import { fillTemplate } from "../templates/whatsapp/fill.ts";
import {
  type CampaignRow,
  deleteCampaign,
  findCampaign,
  insertCampaign,
  listCampaignRows,
  updateCampaign,
} from "./queries.ts";
import type { Campaign, CampaignChange, NewCampaign } from "./schema.ts";

/** What sending a campaign takes. */
export interface CampaignParts {
  db: Database;
  publicUrl: () => string;
  /** Of the account that sends on WhatsApp; null when there is none. */
  templatesToSend: (appKey: number) => Promise<SendableTemplates | null>;
}

/** Plans and sends to filters that nobody planned, newest first. */
export async function listCampaigns(
  db: Queryable,
  appKey: number,
  query: PageQuery,
): Promise<Page<Campaign>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const range = { before, limit: query.limit };
  const rows = await listCampaignRows(db, appKey, range);
  const planned = await withMessages(db, appKey, rows);
  const unplanned = (await listUnplanned(db, appKey, range)).map(toUnplanned);
  const newest = [...planned, ...unplanned].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, query.limit + 1);
  return toPage(newest, query.limit, ({ id }) => [id]);
}

export async function getCampaign(db: Queryable, appKey: number, id: string): Promise<Campaign> {
  const row = await findCampaign(db, appKey, id);
  const [found] = row ? await withMessages(db, appKey, [row]) : [];
  if (found) return found;
  const message = (await getMessages(db, appKey, [id])).get(id);
  if (message?.audience.kind !== "target" || message.campaign) throw notFound(id);
  return toUnplanned(message);
}

/** Makes a draft. What is wrong with its filter is said at once; what is missing or broken in its texts, when it is sent. */
export async function createCampaign(db: Database, sender: Sender, request: NewCampaign): Promise<Campaign> {
  const { name, channel, content } = request;
  const now = new Date();
  const row: CampaignRow = {
    ...{ campaignId: uuidv7(), name, channel, content, audience: filterOf(request) },
    source: sender.by === "session" ? "panel" : "api",
    ...{ messageId: null, createdAt: now, updatedAt: now, launchedAt: null },
  };
  await checkDraft(db, sender.appKey, row);
  await db.transaction(async (tx) => {
    await insertCampaign(tx, sender.appKey, row);
    await announce(tx, sender.appKey, row.campaignId);
  });
  return getCampaign(db, sender.appKey, row.campaignId);
}

export async function changeCampaign(
  db: Database,
  appKey: number,
  id: string,
  change: CampaignChange,
): Promise<Campaign> {
  await db.transaction(async (tx) => {
    const row = await lockDraft(tx, appKey, id, "changed");
    const { name = row.name, channel = row.channel, content = row.content } = change;
    const hasFilter = change.target !== undefined || change.segment !== undefined;
    const audience = hasFilter ? filterOf(change) : row.audience;
    const next = { ...row, name, channel, content, audience, updatedAt: new Date() };
    await checkDraft(tx, appKey, next);
    await updateCampaign(tx, appKey, next);
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

export async function removeCampaign(db: Database, appKey: number, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockDraft(tx, appKey, id, "deleted");
    await deleteCampaign(tx, appKey, id);
    await announce(tx, appKey, id);
  });
}

/** Sends a draft to its audience as it is now. A campaign is launched once: the second time it is refused. */
export async function launchCampaign(parts: CampaignParts, sender: Sender, id: string): Promise<Campaign> {
  const { db } = parts;
  const { appKey } = sender;
  const draft = await findCampaign(db, appKey, id);
  const whatsapp = await templatesFor(parts, appKey, draft?.channel);
  await db.transaction(async (tx) => {
    const row = await lockDraft(tx, appKey, id, "launched");
    if (row.channel !== draft?.channel)
      throw new Problem(
        "conflict",
        "This campaign was changed at this moment: look at it, and launch it again.",
      );
    const plan = await completePlan(row, { publicUrl: parts.publicUrl(), whatsapp });
    const { messageId } = await acceptIn(tx, sender, {
      ...plan,
      to: { kind: "target", filter: row.audience as ReturnType<typeof filterOf> },
      campaign: { id, name: row.name },
    });
    const now = new Date();
    await updateCampaign(tx, appKey, { ...row, messageId, launchedAt: now, updatedAt: now });
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

/** Sends what a campaign says to a few users, as a message of its own. Answers how many it is for. */
export async function testCampaign(
  parts: CampaignParts,
  sender: Sender,
  id: string,
  users: readonly string[],
): Promise<number> {
  const { db } = parts;
  const row = await findCampaign(db, sender.appKey, id);
  if (!row) throw notFound(id);
  const whatsapp = await templatesFor(parts, sender.appKey, row.channel);
  const plan = await completePlan(row, { publicUrl: parts.publicUrl(), whatsapp });
  const to = { kind: "users" as const, users: [...new Set(users)] };
  const content = { ...plan.content, promo: { ...plan.content.promo, isSample: true } };
  return db.transaction(async (tx) => (await acceptIn(tx, sender, { ...plan, content, to })).count);
}

/** The message of a campaign, to pause and so on; refused while it is a draft. */
export async function messageOf(db: Queryable, appKey: number, id: string): Promise<string> {
  const { message } = await getCampaign(db, appKey, id);
  if (message) return message.id;
  throw new Problem("conflict", "This campaign is a draft: launch it first.");
}

async function lockDraft(tx: Queryable, appKey: number, id: string, done: string): Promise<CampaignRow> {
  const row = await findCampaign(tx, appKey, id, { forUpdate: true });
  if (!row) {
    await getCampaign(tx, appKey, id);
    throw new Problem("conflict", `This send was made by the API and cannot be ${done}.`);
  }
  if (row.messageId !== null)
    throw new Problem("conflict", `This campaign was launched already and cannot be ${done} any more.`);
  return row;
}

/** Throws every fault of the filter. Texts may be half written in a draft: they are checked when it is sent. */
async function checkDraft(db: Queryable, appKey: number, row: CampaignRow): Promise<void> {
  await resolveFilter(db, appKey, row.audience as ReturnType<typeof filterOf>);
}

/** Asked for WhatsApp alone: other channels wait for no service of it. */
const templatesFor = (parts: CampaignParts, appKey: number, channel: Channel | undefined) =>
  channel === "whatsapp" ? parts.templatesToSend(appKey) : null;

/** What is to be sent, with an e-mail or template made of its source. Throws every fault of it. */
async function completePlan(
  row: CampaignRow,
  { publicUrl, whatsapp }: { publicUrl: string; whatsapp: SendableTemplates | null },
): Promise<Omit<SendPlan, "to">> {
  const { channel, content } = row;
  if (channel === "whatsapp" && whatsapp?.templates) return planTemplate(row, whatsapp);
  const { email: body, preheader = "", content: text } = content;
  const made =
    channel === "email" && body ? await compileEmail({ body, preheader, text }, publicUrl) : undefined;
  const faults = [
    ...faultsOfFallback(row),
    ...(channel === "whatsapp" && content.whatsapp
      ? [
          {
            pointer: "/content/whatsapp",
            detail: `${whatsapp?.account ?? "no account of WhatsApp"} has no templates; write a text, or use an account that has some`,
          },
        ]
      : []),
    ...(content.content.trim() === "" && !content.notification?.body && !made
      ? [{ pointer: "/content/content", detail: "is required: the text of the message" }]
      : []),
    ...(channel === "email" && !content.subject?.trim()
      ? [{ pointer: "/content/subject", detail: "is required for an e-mail" }]
      : []),
    ...[...faultsOfTexts(contentOf(row)), ...(made?.ok === false ? made.faults : [])].map((fault) => ({
      ...fault,
      pointer: `/content${fault.pointer}`,
    })),
  ];
  if (faults.length > 0) throw validationProblem(faults);
  const plan = planOf(row);
  if (!made?.ok) return plan;
  // Lists of messages show a text, and that of an e-mail may be long.
  const shown = text.trim() || (content.subject ?? "");
  return { ...plan, content: { ...plan.content, content: shown, email: made.email } };
}

/** On WhatsApp: the template of the account that will send it, filled in. */
function planTemplate(row: CampaignRow, { account, templates }: SendableTemplates): Omit<SendPlan, "to"> {
  const given = row.content.whatsapp;
  const filled = given
    ? fillTemplate(given, { account, templates: templates ?? [] })
    : {
        ok: false as const,
        faults: [
          {
            pointer: "",
            detail: `is required: ${account} sends templates that WhatsApp has approved; choose one`,
          },
        ],
      };
  const unfilled = filled.ok ? [] : filled.faults;
  const misfits = [
    ...faultsOfFallback(row),
    ...unfilled.map(({ pointer, detail }) => ({ pointer: `/content/whatsapp${pointer}`, detail })),
  ];
  if (!filled.ok || misfits.length > 0) throw validationProblem(misfits);
  const plan = planOf(row);
  const content = { ...plan.content, content: filled.text, whatsapp: filled.whatsapp };
  // As they were written: by the names of the parameters.
  const written = (pointer: string) =>
    pointer.replace(/^\/whatsapp\/body\/(\d+)/, (_, index) => `/whatsapp/body/${filled.parameters[index]}`);
  const faults = faultsOfTexts(content).map(({ pointer, detail }) => ({
    ...{ pointer: `/content${written(pointer)}`, detail },
  }));
  if (faults.length > 0) throw validationProblem(faults);
  return { ...plan, content };
}

/** What follows can only follow what a device shows. */
const faultsOfFallback = ({ channel, content: { fallback } }: CampaignRow): Fault[] => {
  if (!fallback) return [];
  if (channel !== "inbox" && channel !== "push")
    return [
      { pointer: "/content/fallback", detail: `has no place on ${channel}; it follows inbox and push` },
    ];
  if (channel === "push" && fallback.policy === "NOT_CONNECTED")
    return [
      {
        pointer: "/content/fallback/policy",
        detail: "NOT_CONNECTED is of the inbox: a push goes to devices that are not connected",
      },
    ];
  return [];
};

const contentOf = ({ channel, content }: Pick<CampaignRow, "channel" | "content">): MessageContent => {
  const { content: text, subject, notification, data, missing, inApp, silent, fallback, promo } = content;
  const isNotifying = channel === "push" || notification !== undefined;
  return {
    ...{ content: text, subject, notification, data, missing, inApp, silent, promo, template: true },
    ...(fallback
      ? { fallback: fallbackOf({ ...fallback, content: fallback.content?.trim() || undefined }, text) }
      : {}),
    // A notification without a text of its own shows the message's.
    ...(isNotifying && !notification?.body ? { useAsAlert: true } : {}),
  };
};

const planOf = (row: CampaignRow): Omit<SendPlan, "to"> => ({
  ...{ channel: row.channel, topic: row.content.topic ?? "default", content: contentOf(row) },
  ...{ trackId: row.content.trackId ?? null, clientId: null, ttl: row.content.ttl ?? null, campaign: null },
});

async function withMessages(
  db: Queryable,
  appKey: number,
  rows: readonly CampaignRow[],
): Promise<Campaign[]> {
  const messages = await getMessages(
    db,
    appKey,
    rows.flatMap(({ messageId }) => messageId ?? []),
  );
  return rows.map((row) => {
    const message = (row.messageId && messages.get(row.messageId)) || null;
    return {
      ...{ id: row.campaignId, name: row.name, status: message?.status ?? "draft", channel: row.channel },
      audience: message ? audienceOf(message) : { ...row.audience, segments: [] },
      ...{ content: row.content, source: row.source, message },
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      launchedAt: row.launchedAt?.toISOString() ?? null,
    };
  });
}

const nameLength = 60;

/** A send by `push/byQuery` has no name of its own, so its first words stand in. */
export function toUnplanned(message: Message): Campaign {
  const words = message.content.trim().replace(/\s+/g, " ");
  const characters = [...words];
  const name =
    characters.length > nameLength ? `${characters.slice(0, nameLength).join("").trimEnd()}…` : words;
  const { id, status, channel, source, createdAt, subject, notification } = message;
  return {
    ...{ id, name, status, channel, audience: audienceOf(message), source, message },
    content: {
      ...{ content: message.content, missing: "send" },
      ...(subject === null ? {} : { subject }),
      ...(notification ? { notification } : {}),
      ...(message.trackId === null ? {} : { trackId: message.trackId }),
    },
    ...{ createdAt, updatedAt: createdAt, launchedAt: createdAt },
  };
}

const audienceOf = ({ audience }: Message): Campaign["audience"] => ({
  ...(audience.segment === undefined ? { target: audience.target } : { segment: audience.segment }),
  segments: audience.segments ?? [],
});

const announce = (tx: Queryable, appKey: number, id: string) =>
  notify(tx, "chapar_changes", `${appKey}:campaign:${id}`);

const notFound = (id: string) => new Problem("not_found", `There is no campaign ${id} in this app.`);
