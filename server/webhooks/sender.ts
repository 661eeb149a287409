import type { Logger } from "pino";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import type { Outside } from "../channels/provider.ts";
import type { Database } from "../db/database.ts";
import { createHints, notify } from "../db/notify.ts";
import { announceWebhooks, isAnyWanted } from "../outbox/wanted.ts";
import {
  type Claimed,
  claimDue,
  claimNew,
  forgetAttempts,
  listReady,
  lockToSend,
  noteFailure,
  noteSuccess,
  pause,
  rest,
  type SendingWebhook,
  settleAttempt,
} from "./attempt-queries.ts";
import { bodyOf } from "./body.ts";
import { callTimeoutMs, callWebhook, openCalls } from "./call.ts";
import { openSecrets, validSecrets } from "./secret.ts";
import { pauseAfter, restAfter, triedForMs, type Verdict } from "./settle.ts";

/** Requests to one webhook at a time, over all workers; one that fails is asked one by one. */
const mostInFlight = 4;
const lookEveryMs = 250;
/** Whoever has a request is taken for dead when it cannot be under way any more. */
const leaseMs = callTimeoutMs + 15_000;
const forgetEveryMs = 600_000;
const forgetAtOnce = 10_000;
const keptDays = 30;

/**
 * Tells webhooks what happened. Each request is a row before it is sent, and goes again under its id until it came
 * through, whoever dies meanwhile.
 */
export function startWebhookSender(parts: {
  db: Database;
  secretKey: string;
  outside: Outside;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { db, logger } = parts;
  const http = openCalls(parts.outside, mostInFlight);
  const stopping = new AbortController();
  const hints = createHints(db, (error) => logger.warn({ err: error }, "panels were not told of webhooks"));
  const lanes = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const fail = (error: unknown) => logger.warn({ err: error }, "a webhook was not looked after");

  /** Claims and calls until nothing is left; without a claim there is another reason to stop. */
  async function runLane(webhookId: string): Promise<void> {
    while (!stopping.signal.aborted) {
      const claim = await claimNext(db, webhookId);
      if (!claim) return;
      const { webhook, claimed, owner } = claim;
      const verdict = await call(webhook, claimed);
      // Nobody knows whether it was read: whoever comes next sends it again, under the same id.
      if (stopping.signal.aborted && !verdict.isDelivered) return;
      await settle(db, webhook, { claimed, owner, verdict });
      hints.give("chapar_changes", `${webhook.appKey}:webhook:${webhookId}`);
    }
  }

  function call(webhook: SendingWebhook, { attemptId, items, isList }: Claimed) {
    const secrets = openSecrets(parts.secretKey, webhook.webhookId, webhook.sealedSecret);
    const request = {
      ...{ url: webhook.url, id: attemptId, body: bodyOf(items, isList) },
      secrets: validSecrets(secrets, new Date()),
    };
    return callWebhook(http, request, stopping.signal);
  }

  function startLane(webhookId: string): void {
    lanes.set(webhookId, (lanes.get(webhookId) ?? 0) + 1);
    const lane = runLane(webhookId)
      .catch(fail)
      .finally(() => {
        running.delete(lane);
        const left = (lanes.get(webhookId) ?? 1) - 1;
        if (left === 0) lanes.delete(webhookId);
        else lanes.set(webhookId, left);
      });
    running.add(lane);
  }

  async function look(): Promise<void> {
    if (stopping.signal.aborted || !(await isAnyWanted(db))) return;
    for (const { webhookId, failures } of await listReady(db)) {
      const wished = failures > 0 ? 1 : mostInFlight;
      for (let lane = lanes.get(webhookId) ?? 0; lane < wished; lane++) startLane(webhookId);
    }
  }

  let looking = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    looking = look()
      .catch(fail)
      .finally(() => {
        isLooking = false;
      });
  }, lookEveryMs);
  const forgetting = setInterval(() => void forgetAll(db).catch(fail), forgetEveryMs);

  return {
    async stop() {
      clearInterval(timer);
      clearInterval(forgetting);
      stopping.abort();
      await looking;
      await Promise.all(running);
      await http.close();
      await hints.stop();
    },
  };
}

interface Claim {
  webhook: SendingWebhook;
  claimed: Claimed;
  owner: string;
}

/** The next request to a webhook, made a row before it is sent. Null when there is none, or others have enough of them. */
const claimNext = (db: Database, webhookId: string): Promise<Claim | null> =>
  db.transaction(async (tx) => {
    const webhook = await lockToSend(tx, webhookId);
    if (!webhook || webhook.inFlight >= (webhook.failures > 0 ? 1 : mostInFlight)) return null;
    const owner = uuidv4();
    const claimed =
      (await claimDue(tx, webhookId, { owner, leaseMs })) ??
      (await claimNew(tx, webhook, { attemptId: uuidv7(), owner, leaseMs, triedForMs }));
    return claimed && { webhook, claimed, owner };
  });

const settle = (
  db: Database,
  { webhookId, appKey }: SendingWebhook,
  { claimed, owner, verdict }: { claimed: Claimed; owner: string; verdict: Verdict & { tookMs: number } },
): Promise<void> =>
  db.transaction(async (tx) => {
    const { attemptId, tries, giveUpAt } = claimed;
    const { isDelivered, isGone, status, tookMs, error } = verdict;
    const afterMs = pauseAfter(tries, verdict.retryAfterMs, Math.random());
    const isOver = isGone || Date.now() + afterMs > giveUpAt.getTime();
    const state = isDelivered ? "delivered" : isOver ? "failed" : "waiting";
    if (!(await settleAttempt(tx, attemptId, owner, { state, afterMs, status, tookMs, error }))) return;
    if (isDelivered) return noteSuccess(tx, webhookId);
    const failing = await noteFailure(tx, webhookId);
    if (!failing) return;
    const reason = isGone
      ? "It answered 410 (gone), which asks for no more."
      : failing.failingMs > triedForMs
        ? `Nothing came through for three days. At last: ${error}`
        : null;
    if (reason === null) {
      const restMs = Math.max(restAfter(failing.failures), verdict.retryAfterMs ?? 0);
      if (restMs > 0) await rest(tx, webhookId, restMs);
      return;
    }
    await pause(tx, webhookId, reason);
    await announceWebhooks(tx);
    await notify(tx, "chapar_changes", `${appKey}:webhook:${webhookId}`);
  });

async function forgetAll(db: Database): Promise<void> {
  while ((await forgetAttempts(db, { keptDays, limit: forgetAtOnce })) === forgetAtOnce);
}
