import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { record } from "../accounts/audit.ts";
import type { Http1 } from "../channels/transport/http1.ts";
import type { Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import {
  type AttemptRow,
  findAttempt,
  insertTest,
  listAttemptRows,
  replayAttempts,
} from "./attempt-queries.ts";
import { bodyOf } from "./body.ts";
import { callWebhook } from "./call.ts";
import type { WebhookRow } from "./queries.ts";
import { sampleOf } from "./sample.ts";
import type { WebhookAttempt, WebhookAttemptBody } from "./schema.ts";
import { openSecrets, validSecrets } from "./secret.ts";
import { triedForMs } from "./settle.ts";
import { type Caller, requireWebhook, type WebhookParts } from "./webhooks.ts";

/** The log of a webhook, newest first. */
export async function listAttempts(
  db: Queryable,
  appKey: number,
  id: string,
  { limit, cursor, failed }: PageQuery & { failed: boolean },
): Promise<Page<WebhookAttempt>> {
  await requireWebhook(db, appKey, id);
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listAttemptRows(db, id, { before, isFailed: failed, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.id]);
  return { ...page, data: page.data.map(shown) };
}

/** One of them, with what it carries. */
export async function getAttempt(
  db: Queryable,
  appKey: number,
  id: string,
  attemptId: string,
): Promise<WebhookAttemptBody> {
  await requireWebhook(db, appKey, id);
  const { row, items, isList } = (await findAttempt(db, id, attemptId)) ?? unknown(attemptId);
  return { ...shown(row), body: bodyOf(items, isList) };
}

/** Sends one of them again, under the same id, at once and then as often as a new one. */
export async function replayAttempt(
  { db }: WebhookParts,
  caller: Caller,
  id: string,
  attemptId: string,
): Promise<WebhookAttempt> {
  return db.transaction(async (tx) => {
    const { name } = await requireActive(tx, caller, id);
    const found = (await findAttempt(tx, id, attemptId)) ?? unknown(attemptId);
    if ((await replayAttempts(tx, id, { attemptId }, triedForMs)) === 0)
      throw new Problem("conflict", `The attempt ${attemptId} is under way at this moment.`);
    await record(tx, caller, "webhook.replayed", id, { name, attempt: attemptId });
    await notify(tx, "chapar_changes", `${caller.appKey}:webhook:${id}`);
    return shown((await findAttempt(tx, id, attemptId))?.row ?? found.row);
  });
}

/** Sends again all that failed since. */
export async function replayFailed(
  { db }: WebhookParts,
  caller: Caller,
  id: string,
  since: Date,
): Promise<{ replayed: number }> {
  return db.transaction(async (tx) => {
    const { name } = await requireActive(tx, caller, id);
    const replayed = await replayAttempts(tx, id, { since }, triedForMs);
    await record(tx, caller, "webhook.replayed", id, { name, since, attempts: replayed });
    await notify(tx, "chapar_changes", `${caller.appKey}:webhook:${id}`);
    return { replayed };
  });
}

/** Sends a sample of the first thing that it is told of, once, and says what came of it. */
export async function testWebhook(
  { db, secretKey, http }: WebhookParts & { http: Http1 },
  caller: Caller & { appId: string },
  id: string,
  signal: AbortSignal,
): Promise<WebhookAttempt> {
  const webhook = await requireWebhook(db, caller.appKey, id);
  const [event = "message.sent"] = webhook.events;
  const items = [sampleOf(event, caller.appId, new Date())];
  const isList = webhook.batchSize > 1;
  const attemptId = uuidv7();
  const secrets = validSecrets(openSecrets(secretKey, id, webhook.sealedSecret), new Date());
  const request = { url: webhook.url, id: attemptId, body: bodyOf(items, isList), secrets };
  const { isDelivered, status, tookMs, error } = await callWebhook(http, request, signal);
  const state = isDelivered ? "delivered" : "failed";
  await db.transaction(async (tx) => {
    await insertTest(tx, {
      ...{ attemptId, webhookId: id, appKey: caller.appKey, event, items, isList },
      ...{ state, status, tookMs, error },
    });
    await record(tx, caller, "webhook.tested", id, { name: webhook.name, state, status });
  });
  return shown((await findAttempt(db, id, attemptId))?.row ?? unknown(attemptId));
}

async function requireActive(db: Queryable, { appKey }: Caller, id: string): Promise<WebhookRow> {
  const webhook = await requireWebhook(db, appKey, id);
  if (webhook.isActive) return webhook;
  throw new Problem("conflict", "The webhook is switched off; switch it on, then send again.");
}

function unknown(attemptId: string): never {
  throw new Problem("not_found", `This webhook has no attempt ${attemptId}; they are kept for 30 days.`);
}

const shown = ({ createdAt, triedAt, nextAt, ...row }: AttemptRow): WebhookAttempt => ({
  ...row,
  createdAt: createdAt.toISOString(),
  triedAt: triedAt?.toISOString() ?? null,
  nextAt: nextAt?.toISOString() ?? null,
});
