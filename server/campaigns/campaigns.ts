import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Actor, record, recordWork } from "../accounts/audit.ts";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { nothingToRestore } from "../lib/deleted-problems.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import type { Sender } from "../messages/accept.ts";
import { getMessages, listMessagesOf, listUnplanned } from "../messages/messages.ts";
import type { Message, MessageStatus } from "../messages/schema.ts";
import { resolveFilter } from "../segments/resolve.ts";
import { filterOf } from "../segments/schema.ts";
import { filterOfUsers } from "./plan.ts";
import {
  type CampaignAudience,
  type CampaignPlan,
  type CampaignRow,
  findCampaign,
  insertCampaign,
  listCampaignRows,
  setDeletedAt,
  updateCampaign,
} from "./queries.ts";
import type { Campaign, CampaignChange, CampaignQuery, CampaignStatus, NewCampaign } from "./schema.ts";

/** What was left open: now, to everybody, as fast as it goes. */
const plainPlan: CampaignPlan = {
  schedule: { kind: "now" },
  limits: { quietHours: true, cap: true },
  ...{ rollout: null, variants: [], winner: null },
};

/** Plans and sends to filters that nobody planned, newest first. */
export async function listCampaigns(
  db: Queryable,
  appKey: number,
  query: CampaignQuery,
): Promise<Page<Campaign>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const page = { before, limit: query.limit, status: query.status, search: query.search ?? "" };
  const planned = await withMessages(db, appKey, await listCampaignRows(db, appKey, page));
  const { status } = page;
  const isOfPlans = status === "draft" || status === "scheduled";
  const unplanned = isOfPlans ? [] : await listUnplanned(db, appKey, { ...page, status });
  const newest = [...planned, ...unplanned.map(toUnplanned)]
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, query.limit + 1);
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

/** The runs of a campaign, newest first. */
export async function listRuns(
  db: Queryable,
  appKey: number,
  id: string,
  query: PageQuery,
): Promise<Page<Message>> {
  const { message } = await getCampaign(db, appKey, id);
  // A send that nobody planned is its own only run.
  if (message?.id === id) return { data: [message], nextCursor: null };
  return listMessagesOf(db, appKey, id, query);
}

/** Makes a draft. What is wrong with its audience is said at once; what is missing or broken in its texts, when it is sent. */
export async function createCampaign(db: Database, sender: Sender, request: NewCampaign): Promise<Campaign> {
  const { name, channel, content } = request;
  const audience = audienceOf(request);
  if (!audience) throw new Error("a campaign without an audience");
  await checkAudience(db, sender.appKey, audience);
  return insertDraft(db, sender, { name, channel, content, audience, plan: planWith(plainPlan, request) });
}

/** A draft that says and plans the same. */
export async function duplicateCampaign(db: Database, sender: Sender, id: string): Promise<Campaign> {
  const row = await findCampaign(db, sender.appKey, id);
  if (row) return insertDraft(db, sender, { ...row, name: nameOfCopy(row.name) });
  const { name, channel, content, audience } = await getCampaign(db, sender.appKey, id);
  return insertDraft(db, sender, {
    ...{ name: nameOfCopy(name), channel, content, plan: plainPlan },
    audience: audience.segment === undefined ? { target: audience.target } : { segment: audience.segment },
  });
}

const longestName = 200;

/** `Autumn (2)`, `Autumn (3)` … */
function nameOfCopy(name: string): string {
  const [, stem = name, number = "1"] = /^(.*?) \((\d{1,4})\)$/su.exec(name) ?? [];
  const end = ` (${Number(number) + 1})`;
  return [...stem].slice(0, longestName - end.length).join("") + end;
}

async function insertDraft(
  db: Database,
  sender: Sender,
  draft: Pick<CampaignRow, "name" | "channel" | "content" | "audience" | "plan">,
): Promise<Campaign> {
  const { name, channel, content, audience, plan } = draft;
  const now = new Date();
  const row: CampaignRow = {
    ...{ campaignId: uuidv7(), name, channel, content, audience, plan, phase: "draft" },
    source: sender.by === "session" ? "panel" : "api",
    ...{ nextRunAt: null, runs: 0, failure: null, messageId: null },
    ...{ createdAt: now, updatedAt: now, launchedAt: null },
  };
  await db.transaction(async (tx) => {
    await insertCampaign(tx, sender.appKey, row);
    await record(tx, sender, "campaign.created", row.campaignId, { before: null, after: audited(row) });
    await announce(tx, sender.appKey, row.campaignId);
  });
  return getCampaign(db, sender.appKey, row.campaignId);
}

/** The composer saves every few moments: in the history it is one change, as long as one person works on the draft. */
export async function changeCampaign(
  db: Database,
  caller: Actor,
  id: string,
  change: CampaignChange,
): Promise<Campaign> {
  const { appKey } = caller;
  const audience = audienceOf(change);
  if (audience) await checkAudience(db, appKey, audience);
  await db.transaction(async (tx) => {
    const row = await lockDraft(tx, appKey, id, "changed");
    const { name = row.name, channel = row.channel, content = row.content } = change;
    const changed: CampaignRow = {
      ...{ ...row, name, channel, content, audience: audience ?? row.audience },
      ...{ plan: planWith(row.plan, change), updatedAt: new Date() },
    };
    await updateCampaign(tx, appKey, changed);
    const work = { name, before: audited(row), after: audited(changed) };
    await recordWork(tx, caller, "campaign.changed", id, work);
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

export async function removeCampaign(db: Database, caller: Actor, id: string): Promise<void> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const row = await lockDraft(tx, appKey, id, "deleted");
    await setDeletedAt(tx, appKey, id, new Date());
    await record(tx, caller, "campaign.deleted", id, { before: audited(row), after: null });
    await announce(tx, appKey, id);
  });
}

/** Brings back a draft that was deleted lately. */
export async function restoreCampaign(db: Database, caller: Actor, id: string): Promise<Campaign> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const row = await findCampaign(tx, appKey, id, { forUpdate: true, isDeleted: true });
    if (!row) throw nothingToRestore("campaign", id);
    await setDeletedAt(tx, appKey, id, null);
    await record(tx, caller, "campaign.restored", id, { before: null, after: audited(row) });
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

/** What the history tells of a campaign. */
export const audited = ({ name, channel, audience, content, plan }: CampaignRow) => ({
  ...{ name, channel, audience, content, ...plan },
});

/** A campaign of which somebody changes something, locked; a send that nobody planned is none. */
export async function lockCampaign(
  tx: Queryable,
  appKey: number,
  id: string,
  done: string,
): Promise<CampaignRow> {
  const row = await findCampaign(tx, appKey, id, { forUpdate: true });
  if (row) return row;
  await getCampaign(tx, appKey, id);
  throw new Problem("conflict", `This send was made by the API and cannot be ${done}.`);
}

export async function lockDraft(
  tx: Queryable,
  appKey: number,
  id: string,
  done: string,
): Promise<CampaignRow> {
  const row = await lockCampaign(tx, appKey, id, done);
  if (row.phase === "draft") return row;
  if (row.runs === 0 && (row.phase === "scheduled" || row.phase === "paused"))
    throw new Problem("conflict", `This campaign is scheduled: make it a draft again before it is ${done}.`);
  throw new Problem("conflict", `This campaign was launched already and cannot be ${done} any more.`);
}

/** The message of a campaign, to look at; refused while there is none. */
export async function messageOf(db: Queryable, appKey: number, id: string): Promise<string> {
  const { message, status } = await getCampaign(db, appKey, id);
  if (message) return message.id;
  throw new Problem(
    "conflict",
    status === "draft"
      ? "This campaign is a draft: launch it first."
      : "This campaign has not gone yet: wait for its first run.",
  );
}

type AudienceFields = Pick<NewCampaign, "target" | "segment" | "users" | "topic">;

/** Null where a change leaves it as it was. */
function audienceOf(request: AudienceFields): CampaignAudience | null {
  if (request.users) return { users: [...new Set(request.users)] };
  if (request.topic !== undefined) return { topic: request.topic };
  return request.target === undefined && request.segment === undefined ? null : filterOf(request);
}

/** Throws every fault of the filter. */
async function checkAudience(db: Queryable, appKey: number, audience: CampaignAudience): Promise<void> {
  if (audience.topic !== undefined) return;
  const filter = audience.users ? filterOfUsers(audience.users) : (audience as ReturnType<typeof filterOf>);
  await resolveFilter(db, appKey, filter);
}

type PlanFields = Partial<{ [Name in keyof CampaignPlan]: CampaignPlan[Name] | undefined }>;

const planWith = (plan: CampaignPlan, change: PlanFields): CampaignPlan => ({
  schedule: change.schedule ?? plan.schedule,
  limits: change.limits ?? plan.limits,
  rollout: change.rollout === undefined ? plan.rollout : change.rollout,
  variants: change.variants ?? plan.variants,
  winner: change.winner === undefined ? plan.winner : change.winner,
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
      ...{ id: row.campaignId, name: row.name, status: statusOf(row, message), channel: row.channel },
      audience: { ...row.audience, segments: message?.audience.segments ?? [] },
      ...{ content: row.content, ...row.plan, source: row.source, message },
      ...{ runs: row.runs, nextRunAt: row.nextRunAt?.toISOString() ?? null, failure: row.failure },
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      launchedAt: row.launchedAt?.toISOString() ?? null,
    };
  });
}

const isOver = (status: MessageStatus): boolean => status === "finished" || status === "cancelled";

/** While a run is under way, it is what that is; else what is to come. */
function statusOf({ phase }: Pick<CampaignRow, "phase">, message: Message | null): CampaignStatus {
  if (message && (phase === "started" || !isOver(message.status))) return message.status;
  return phase === "started" ? "finished" : phase;
}

const nameLength = 60;

/** A send by `push/byQuery` has no name of its own, so its first words stand in. */
export function toUnplanned(message: Message): Campaign {
  const words = message.content.trim().replace(/\s+/g, " ");
  const characters = [...words];
  const name =
    characters.length > nameLength ? `${characters.slice(0, nameLength).join("").trimEnd()}…` : words;
  const { id, status, channel, source, createdAt, subject, notification, audience } = message;
  return {
    ...{ id, name, status, channel, source, message, ...plainPlan, runs: 1, nextRunAt: null, failure: null },
    audience: {
      ...(audience.segment === undefined ? { target: audience.target } : { segment: audience.segment }),
      segments: audience.segments ?? [],
    },
    content: {
      ...{ content: message.content, missing: "send" },
      ...(subject === null ? {} : { subject }),
      ...(notification ? { notification } : {}),
      ...(message.trackId === null ? {} : { trackId: message.trackId }),
    },
    ...{ createdAt, updatedAt: createdAt, launchedAt: createdAt },
  };
}

export const announce = (tx: Queryable, appKey: number, id: string) =>
  notify(tx, "chapar_changes", `${appKey}:campaign:${id}`);

const notFound = (id: string) => new Problem("not_found", `There is no campaign ${id} in this app.`);
