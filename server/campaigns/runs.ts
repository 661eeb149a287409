import { type Actor, record } from "../accounts/audit.ts";
import { readTimeZone } from "../accounts/time-zone.ts";
import type { Channel } from "../channels/schema.ts";
import type { Database, Transaction } from "../db/database.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { acceptIn, type Sender } from "../messages/accept.ts";
import { cancelMessage, pauseMessage, resumeMessage, type Told } from "../messages/control.ts";
import { getMessages, listRunsUnderWay } from "../messages/messages.ts";
import { continueMessage } from "../messages/rest.ts";
import type { MessageStatus } from "../messages/schema.ts";
import type { SendableTemplates } from "../providers/schema.ts";
import { announce, audited, getCampaign, lockCampaign, lockDraft, messageOf } from "./campaigns.ts";
import { planRun, planTest } from "./plan.ts";
import { type CampaignRow, findCampaign, findDue, lockDue, updateCampaign } from "./queries.ts";
import { firstRun, nextRun, wallTimeOfRun } from "./schedule.ts";
import type { Campaign, CampaignTest } from "./schema.ts";

/** What sending a campaign takes. */
export interface CampaignParts {
  db: Database;
  publicUrl: () => string;
  /** Of the account that sends on WhatsApp; null when there is none. */
  templatesToSend: (appKey: number) => Promise<SendableTemplates | null>;
}

/** Asked for WhatsApp alone: other channels wait for no service of it. */
export const templatesFor = (parts: CampaignParts, appKey: number, channel: Channel | undefined) =>
  channel === "whatsapp" ? parts.templatesToSend(appKey) : null;

/**
 * Sends a draft to its audience as it is now, or puts it on the schedule. A campaign is launched once: the second time
 * it is refused. Whatever would keep it from being sent is said now.
 */
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
    const now = new Date();
    const at = { publicUrl: parts.publicUrl(), whatsapp };
    const launched = { ...row, launchedAt: now, updatedAt: now };
    const { schedule } = row.plan;
    await record(tx, sender, "campaign.launched", id, { before: null, after: audited(row) });
    if (schedule.kind === "now") {
      await startRun(tx, sender, launched, { ...at, now, nextRunAt: null });
      return;
    }
    await planRun(row, at, { now, wallTime: null });
    const first = firstRun(schedule, { appZone: await readTimeZone(tx, appKey), now });
    if (!first)
      throw validationProblem([{ pointer: "/schedule", detail: "is over already; choose a later time" }]);
    await updateCampaign(tx, appKey, { ...launched, phase: "scheduled", nextRunAt: first.at });
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

/** Sends a run of a campaign and writes down what comes next, in the caller's transaction. */
async function startRun(
  tx: Transaction,
  sender: Sender,
  row: CampaignRow,
  run: { publicUrl: string; whatsapp: SendableTemplates | null; now: Date; nextRunAt: Date | null },
): Promise<void> {
  const { now, nextRunAt } = run;
  const { schedule } = row.plan;
  const appZone = await readTimeZone(tx, sender.appKey);
  const wallTime = row.nextRunAt ? wallTimeOfRun(schedule, appZone, row.nextRunAt) : null;
  const plan = await planRun(row, run, { now, wallTime });
  const { messageId } = await acceptIn(tx, sender, plan);
  await updateCampaign(tx, sender.appKey, {
    ...{ ...row, messageId, runs: row.runs + 1, failure: null, updatedAt: now },
    ...{ phase: nextRunAt === null ? "started" : "scheduled", nextRunAt },
  });
  await announce(tx, sender.appKey, row.campaignId);
}

/** How long a campaign is left alone that could not be started for a reason of ours. */
const restMs = 30_000;

/**
 * Starts the runs whose time has come, each once, however many workers look. One that cannot be sent as it is, is paused
 * and says why. `resting` remembers those that failed for a reason of ours, by when they are tried again.
 */
export async function startDueRuns(
  parts: CampaignParts,
  resting: Map<string, number>,
  onError: (error: unknown) => void,
  clock: () => Date = () => new Date(),
): Promise<void> {
  // Those that another worker is about to start: asked for again, they would keep this one from all others.
  const others = new Set<string>();
  for (;;) {
    const now = clock();
    for (const [id, until] of resting) if (until <= now.getTime()) resting.delete(id);
    const due = await findDue(parts.db, now, [...resting.keys(), ...others]);
    if (!due) return;
    try {
      if (!(await startDueRun(parts, due, now))) others.add(due.campaignId);
    } catch (error) {
      onError(error);
      resting.set(due.campaignId, now.getTime() + restMs);
    }
  }
}

/** False where another worker has it. */
async function startDueRun(
  parts: CampaignParts,
  due: { appKey: number; campaignId: string; channel: Channel },
  now: Date,
): Promise<boolean> {
  const whatsapp = await templatesFor(parts, due.appKey, due.channel);
  try {
    return await parts.db.transaction(async (tx) => {
      const row = await lockDue(tx, due.campaignId, now);
      if (!row) return false;
      const { appKey, appId, ...campaign } = row;
      const by = row.source === "panel" ? "session" : "token";
      const sender: Sender = { appKey, appId, by, name: "the schedule" };
      const appZone = await readTimeZone(tx, appKey);
      // What was missed while nothing ran is made up for once.
      const next = nextRun(row.plan.schedule, { appZone, after: now, done: row.runs + 1 });
      const nextRunAt = next?.at ?? null;
      await startRun(tx, sender, campaign, { publicUrl: parts.publicUrl(), whatsapp, now, nextRunAt });
      return true;
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return parts.db.transaction(async (tx) => {
      const row = await lockDue(tx, due.campaignId, now);
      if (!row) return false;
      const { appKey, appId: _, ...campaign } = row;
      await updateCampaign(tx, appKey, {
        ...campaign,
        phase: "paused",
        failure: inWords(error),
        updatedAt: now,
      });
      await announce(tx, appKey, due.campaignId);
      return true;
    });
  }
}

/** A problem as one text: its faults say more than it does. */
const inWords = (problem: Problem): string =>
  problem.errors && problem.errors.length > 0
    ? problem.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ")
    : problem.message;

/** Makes a scheduled campaign a draft again, before its first run. */
export async function unscheduleCampaign(db: Database, caller: Actor, id: string): Promise<Campaign> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const row = await lockCampaign(tx, appKey, id, "made a draft again");
    if (row.phase === "draft") return;
    if (row.runs > 0 || (row.phase !== "scheduled" && row.phase !== "paused"))
      throw new Problem("conflict", "This campaign has gone already: cancel it, or make a copy of it.");
    const none = { nextRunAt: null, failure: null, launchedAt: null };
    await updateCampaign(tx, appKey, { ...row, phase: "draft", ...none, updatedAt: new Date() });
    await record(tx, caller, "campaign.unscheduled", id, phases(row, "draft"));
    await announce(tx, appKey, id);
  });
  return getCampaign(db, appKey, id);
}

/** Holds back what is to come, and the run that is under way. */
export const pauseCampaign = (db: Database, caller: Actor, id: string): Promise<Campaign> =>
  steer(db, caller, id, {
    ...{ done: "paused", message: pauseMessage, isMeant: (status) => !isOver(status) },
    phase: (row) => (row.phase === "scheduled" ? { ...row, phase: "paused" } : null),
  });

/** Goes on: with the run that was paused, with the next one, or with one that could not begin. */
export const resumeCampaign = (db: Database, caller: Actor, id: string): Promise<Campaign> =>
  steer(db, caller, id, {
    ...{ done: "resumed", message: resumeMessage, isMeant: (status) => status === "paused" },
    async phase(row, tx) {
      if (row.phase !== "paused") return null;
      const { schedule } = row.plan;
      const now = new Date();
      const appZone = await readTimeZone(tx, caller.appKey);
      const isMissed = row.nextRunAt !== null && row.nextRunAt <= now && row.failure === null;
      // Of several that were missed none is made up for: somebody held them back.
      const next =
        isMissed && schedule.kind === "recurring"
          ? nextRun(schedule, { appZone, after: now, done: row.runs })
          : null;
      const nextRunAt = isMissed && schedule.kind === "recurring" ? (next?.at ?? null) : row.nextRunAt;
      if (nextRunAt === null && row.runs === 0)
        throw new Problem("conflict", "All of its times are over. Make it a draft again, and choose others.");
      return { ...row, phase: nextRunAt === null ? "started" : "scheduled", nextRunAt, failure: null };
    },
  });

/** Ends it: no run is to come, and who is queued or waits in an inbox will not get it. */
export const cancelCampaign = (db: Database, caller: Actor, id: string): Promise<Campaign> =>
  steer(db, caller, id, {
    ...{ done: "cancelled", message: cancelMessage, isMeant: (status) => status !== "cancelled" },
    phase: (row) =>
      row.phase === "scheduled" || row.phase === "paused"
        ? { ...row, phase: "cancelled", nextRunAt: null, failure: null }
        : null,
  });

const isOver = (status: MessageStatus): boolean => status === "finished" || status === "cancelled";

/** Changes what is to come and what is under way; refused where there is neither. */
async function steer(
  db: Database,
  caller: Actor,
  id: string,
  {
    done,
    message,
    isMeant,
    phase,
  }: {
    done: "paused" | "resumed" | "cancelled";
    message: (db: Database, caller: Actor, messageId: string, of: Told) => Promise<void>;
    isMeant: (status: MessageStatus) => boolean;
    phase: (row: CampaignRow, tx: Transaction) => CampaignRow | null | Promise<CampaignRow | null>;
  },
): Promise<Campaign> {
  const { appKey } = caller;
  const isChanged = await db.transaction(async (tx) => {
    const row = await findCampaign(tx, appKey, id, { forUpdate: true });
    if (!row) return false;
    if (row.phase === "draft")
      throw new Problem("conflict", `This campaign is a draft, and cannot be ${done}: launch it first.`);
    const next = await phase(row, tx);
    if (!next) return false;
    await updateCampaign(tx, appKey, { ...next, updatedAt: new Date() });
    await record(tx, caller, `campaign.${done}`, id, phases(row, next.phase));
    await announce(tx, appKey, id);
    return true;
  });
  const campaign = await getCampaign(db, appKey, id);
  const run = campaign.message;
  const earlier = (await listRunsUnderWay(db, appKey, id)).filter(
    ({ messageId, status }) => messageId !== run?.id && isMeant(status),
  );
  // Once in the history: with the first thing that is changed.
  const of: Told = { noun: "campaign", id };
  for (const [index, { messageId }] of earlier.entries())
    await message(db, caller, messageId, isChanged || index > 0 ? null : of).catch(leaveConflict);
  const isDone = isChanged || earlier.length > 0;
  // Where something was changed, what is over already is no fault.
  if (run && (!isDone || isMeant(run.status))) {
    const act = message(db, caller, run.id, isDone ? null : of);
    await (isDone ? act.catch(leaveConflict) : act);
  } else if (!isDone)
    throw new Problem("conflict", `This campaign is ${campaign.status}: it cannot be ${done}.`);
  return getCampaign(db, appKey, id);
}

const phases = ({ name, phase }: CampaignRow, next: CampaignRow["phase"]) => ({
  ...{ name, before: { phase }, after: { phase: next } },
});

function leaveConflict(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== "conflict") throw error;
}

/** Lets the rest of a run have what its first part got, or the better of its contents. */
export async function continueCampaign(
  db: Database,
  caller: Actor,
  id: string,
  { run, variant }: { variant?: number | undefined; run?: string | undefined },
): Promise<Campaign> {
  const { appKey } = caller;
  const messageId = await runOf(db, appKey, id, run);
  await continueMessage(db, caller, messageId, { variant, campaignId: id });
  return getCampaign(db, appKey, id);
}

/** Sends what a campaign says to a few, as a message of its own. Answers how many it is for. */
export async function testCampaign(
  parts: CampaignParts,
  sender: Sender,
  id: string,
  { users, variant }: CampaignTest,
): Promise<number> {
  const { db } = parts;
  const row = await findCampaign(db, sender.appKey, id);
  if (!row) {
    await getCampaign(db, sender.appKey, id);
    throw new Problem("conflict", "This send was made by the API and cannot be tested.");
  }
  const whatsapp = await templatesFor(parts, sender.appKey, row.channel);
  const plan = await planTest(row, { publicUrl: parts.publicUrl(), whatsapp }, variant);
  const to = users
    ? { kind: "users" as const, users: [...new Set(users)] }
    : { kind: "target" as const, filter: { target: { isTest: true } } };
  return db.transaction(async (tx) => {
    const { messageId, count } = await acceptIn(tx, sender, { ...plan, to });
    const after = { users: users ?? "test users", variant, count };
    await record(tx, sender, "campaign.tested", id, { name: row.name, message: messageId, after });
    return count;
  });
}

/** The message of one run of a campaign; its latest if none is named. */
export async function runOf(
  db: Database,
  appKey: number,
  id: string,
  run: string | undefined,
): Promise<string> {
  if (run === undefined) return messageOf(db, appKey, id);
  const message = (await getMessages(db, appKey, [run])).get(run);
  if (message?.campaign?.id !== id && run !== id)
    throw new Problem("not_found", `This campaign has no run ${run}.`);
  return run;
}
