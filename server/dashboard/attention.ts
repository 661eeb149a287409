import type { Database, Queryable } from "../db/database.ts";
import { uuidAt } from "../lib/time.ts";
import { findHold } from "../messages/hold.ts";
import { requireMessage } from "../messages/messages.ts";
import type { Hold } from "../messages/schema.ts";
import {
  hasWorker,
  listFailedCampaigns,
  listFailingJobs,
  listPausedMessages,
  listTroubledAccounts,
  listTroubledImports,
  listUntouched,
} from "./attention-queries.ts";
import type { Attention } from "./schema.ts";

const minuteMs = 60_000;
/** A worker beats every two seconds. */
const absentMs = 15_000;
const untouchedMs = 5 * minuteMs;
/** What failed longer ago is known by now, or forgotten. */
const importDays = 7;
const latestImports = 100;
const failedAttempts = 3;

/** What somebody should look at. Nothing of it reads more than what is under way and what is latest. */
export async function findAttention(
  db: Database,
  appKey: number,
  { isBrokerConnected, now }: { isBrokerConnected: () => boolean; now: Date },
): Promise<Attention[]> {
  // One after another: each is a moment's work, and a page that is open everywhere must not take all connections.
  const found = [
    ...(await ofSystem(db, { isBrokerConnected, now })),
    ...(await ofAccounts(db, appKey, now)),
    ...(await ofPausedMessages(db, appKey)),
    ...(await ofUntouchedMessages(db, appKey, now)),
    ...(await ofCampaigns(db, appKey)),
    ...(await ofImports(db, appKey, now)),
    ...(await ofJobs(db, appKey)),
  ];
  // Sorting is stable: within each they stay in the order of the list above.
  return found.sort((a, b) => Number(a.severity !== "bad") - Number(b.severity !== "bad"));
}

const entry = (
  kind: Attention["kind"],
  severity: Attention["severity"],
  more: Partial<Omit<Attention, "at">> & { at?: Date | null } = {},
): Attention => ({
  ...{ kind, severity, id: null, name: null, detail: null, count: null },
  ...more,
  at: more.at?.toISOString() ?? null,
});

async function ofSystem(
  db: Queryable,
  { isBrokerConnected, now }: { isBrokerConnected: () => boolean; now: Date },
): Promise<Attention[]> {
  const isThere = await hasWorker(db, new Date(now.getTime() - absentMs));
  return [
    ...(isThere ? [] : [entry("worker_absent", "bad")]),
    ...(isBrokerConnected() ? [] : [entry("broker_away", "bad")]),
  ];
}

const ofAccounts = async (db: Queryable, appKey: number, now: Date): Promise<Attention[]> =>
  (await listTroubledAccounts(db, appKey, now)).map(
    ({ id, name, misconfiguredDetail, restsUntil, restsDetail }) =>
      misconfiguredDetail === null
        ? entry("account_resting", "warning", { id, name, detail: restsDetail, at: restsUntil })
        : entry("account_misconfigured", "bad", { id, name, detail: misconfiguredDetail }),
  );

const ofPausedMessages = async (db: Queryable, appKey: number): Promise<Attention[]> =>
  (await listPausedMessages(db, appKey)).map(({ id, name, haltedDetail }) =>
    haltedDetail === null
      ? entry("message_paused", "warning", { id, name })
      : entry("message_halted", "bad", { id, name, detail: haltedDetail }),
  );

/** Holds that end only when somebody does something. */
const heldKinds: Partial<Record<Hold["kind"], Attention["kind"]>> = {
  no_account: "message_no_account",
  account_paused: "message_account_off",
  rollout: "message_awaits",
};

async function ofUntouchedMessages(db: Queryable, appKey: number, now: Date): Promise<Attention[]> {
  const before = new Date(now.getTime() - untouchedMs);
  const found: Attention[] = [];
  for (const { id, name, since } of await listUntouched(db, appKey, { before, now })) {
    const hold = await findHold(db, appKey, await requireMessage(db, appKey, id), now);
    const kind = hold ? heldKinds[hold.kind] : since === null ? undefined : "message_stuck";
    if (kind)
      found.push(
        entry(kind, kind === "message_awaits" ? "warning" : "bad", {
          ...{ id, name, detail: hold?.detail ?? null, at: since },
        }),
      );
  }
  return found;
}

const ofCampaigns = async (db: Queryable, appKey: number): Promise<Attention[]> =>
  (await listFailedCampaigns(db, appKey)).map(({ id, name, failure }) =>
    entry("campaign_failed", "bad", { id, name, detail: failure }),
  );

async function ofImports(db: Queryable, appKey: number, now: Date): Promise<Attention[]> {
  const since = uuidAt(new Date(now.getTime() - importDays * 24 * 60 * minuteMs));
  const rows = await listTroubledImports(db, appKey, { since, latest: latestImports });
  return rows.map(({ id, name, hasFailed, failure, rejected, at }) =>
    hasFailed
      ? entry("import_failed", "bad", { id, name, detail: failure, at })
      : entry("import_rejections", "warning", { id, name, count: rejected, at }),
  );
}

const ofJobs = async (db: Queryable, appKey: number): Promise<Attention[]> =>
  (await listFailingJobs(db, appKey, failedAttempts)).map(({ name, attempts, error, at }) =>
    entry("job_failing", "bad", { name, count: attempts, detail: error, at }),
  );
