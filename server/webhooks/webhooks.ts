import { isIP } from "node:net";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { recordAudit } from "../accounts/audit.ts";
import { isPublicAddress } from "../channels/outside.ts";
import type { Outside } from "../channels/provider.ts";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { announceWebhooks } from "../outbox/wanted.ts";
import { hurryAttempts } from "./attempt-queries.ts";
import {
  countWaiting,
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhookRows,
  lockWebhook,
  updateWebhook,
  type WebhookRow,
} from "./queries.ts";
import type { CreatedWebhook, NewWebhook, Webhook, WebhookChange } from "./schema.ts";
import { openSecrets, replaceSecret, sealSecret } from "./secret.ts";
import { makeSigningSecret } from "./sign.ts";

/** What the operations on webhooks are given. */
export interface WebhookParts {
  db: Database;
  secretKey: string;
  outside: Outside;
}

/** Who asks, and for which app. */
export interface Caller {
  appKey: number;
  name: string;
}

/** Each is a row more for everything that happens. */
const maxWebhooks = 20;

/** The newest first. */
export async function listWebhooks(
  db: Queryable,
  appKey: number,
  { limit, cursor }: PageQuery,
): Promise<Page<Webhook>> {
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listWebhookRows(db, appKey, { before, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.webhookId]);
  return { ...page, data: await answered(db, page.data) };
}

export async function getWebhook(db: Queryable, appKey: number, id: string): Promise<Webhook> {
  return answeredOne(db, await requireWebhook(db, appKey, id));
}

export async function createWebhook(
  { db, secretKey, outside }: WebhookParts,
  caller: Caller,
  given: NewWebhook,
): Promise<CreatedWebhook> {
  refusePrivate(given.url, outside);
  const now = new Date();
  const secret = makeSigningSecret();
  const webhookId = uuidv7();
  const row: WebhookRow = {
    ...{ webhookId, appKey: caller.appKey, ...normal(given) },
    sealedSecret: sealSecret(secretKey, webhookId, secret),
    ...{
      pauseReason: null,
      failures: 0,
      failingSince: null,
      restUntil: null,
      createdAt: now,
      updatedAt: now,
    },
  };
  await db.transaction(async (tx) => {
    await insertWebhook(tx, row);
    // Counted with it in: whoever comes at the same time sees one more at worst.
    if ((await countWebhooks(tx, caller.appKey)) > maxWebhooks)
      throw new Problem(
        "conflict",
        `The app has ${maxWebhooks} webhooks; delete one that nobody listens to.`,
      );
    await afterChange(tx, caller, row, { action: "webhook.created", detail: { after: audited(row) } });
  });
  return { ...(await answeredOne(db, row)), secret };
}

/** Changes what is given. With another address, or switched on again, it begins anew. */
export async function changeWebhook(
  { db, outside }: WebhookParts,
  caller: Caller,
  id: string,
  change: WebhookChange,
): Promise<Webhook> {
  if (change.url !== undefined) refusePrivate(change.url, outside);
  const row = await db.transaction(async (tx) => {
    const before = await lockOrProblem(tx, caller.appKey, id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: WebhookRow = { ...before, ...normal({ ...before, ...given }), updatedAt: new Date() };
    if (after.url !== before.url || after.isActive !== before.isActive)
      Object.assign(after, { pauseReason: null, failures: 0, failingSince: null, restUntil: null });
    await updateWebhook(tx, after);
    if (after.url !== before.url || (after.isActive && !before.isActive)) await hurryAttempts(tx, id);
    const detail = { before: audited(before), after: audited(after) };
    await afterChange(tx, caller, after, { action: "webhook.changed", detail });
    return after;
  });
  return answeredOne(db, row);
}

/** It is told nothing any more, and its log is gone. */
export async function removeWebhook(db: Database, caller: Caller, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockOrProblem(tx, caller.appKey, id);
    await deleteWebhook(tx, id);
    await afterChange(tx, caller, row, { action: "webhook.deleted", detail: { before: audited(row) } });
  });
}

export async function readSecret(
  { db, secretKey }: WebhookParts,
  caller: Caller,
  id: string,
): Promise<string> {
  const row = await requireWebhook(db, caller.appKey, id);
  return openSecrets(secretKey, id, row.sealedSecret).current;
}

/** A new secret. For a day requests are signed with the old one, too. */
export async function rotateSecret(
  { db, secretKey }: WebhookParts,
  caller: Caller,
  id: string,
): Promise<string> {
  const secret = makeSigningSecret();
  await db.transaction(async (tx) => {
    const row = await lockOrProblem(tx, caller.appKey, id);
    const now = new Date();
    const sealedSecret = replaceSecret(secretKey, row, secret, now);
    await updateWebhook(tx, { ...row, sealedSecret, updatedAt: now });
    await afterChange(tx, caller, row, { action: "webhook.rotated", detail: { name: row.name } });
  });
  return secret;
}

export async function requireWebhook(db: Queryable, appKey: number, id: string): Promise<WebhookRow> {
  return (await findWebhook(db, appKey, id)) ?? unknown(id);
}

async function lockOrProblem(tx: Queryable, appKey: number, id: string): Promise<WebhookRow> {
  return (await lockWebhook(tx, appKey, id)) ?? unknown(id);
}

function unknown(id: string): never {
  throw new Problem("not_found", `There is no webhook with the id ${id} in this app.`);
}

/** Says at once what the connection would be refused for. Names are looked up when it is made. */
function refusePrivate(url: string, { allowsPrivate }: Outside): void {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  if (allowsPrivate || (isIP(host) ? isPublicAddress(host) : host !== "localhost")) return;
  const detail = `${host} is no public address; the operator may allow it with ALLOW_PRIVATE_ADDRESSES=true`;
  throw validationProblem([{ pointer: "/url", detail }]);
}

type Given = Pick<WebhookRow, "name" | "url" | "events" | "eventNames" | "batchSize" | "isActive">;

/** Each event once; names of events only where they are asked for. */
const normal = ({ name, url, events, eventNames, batchSize, isActive }: Given): Given => ({
  ...{ name, url, batchSize, isActive, events: [...new Set(events)] },
  eventNames: events.includes("event.tracked") && eventNames ? [...new Set(eventNames)] : null,
});

const audited = (row: Given): Record<string, unknown> => ({ ...normal(row) });

async function afterChange(
  tx: Queryable,
  { appKey, name: actor }: Caller,
  { webhookId }: WebhookRow,
  entry: {
    action: "webhook.created" | "webhook.changed" | "webhook.deleted" | "webhook.rotated";
    detail: Record<string, unknown>;
  },
): Promise<void> {
  await recordAudit(tx, { appKey, actor, subject: webhookId, now: new Date(), ...entry });
  await announceWebhooks(tx);
  await notify(tx, "chapar_changes", `${appKey}:webhook:${webhookId}`);
}

async function answered(db: Queryable, rows: readonly WebhookRow[]): Promise<Webhook[]> {
  const waiting = await countWaiting(
    db,
    rows.map((row) => row.webhookId),
  );
  return rows.map((row) => ({
    ...{ id: row.webhookId, name: row.name, url: row.url, events: row.events, eventNames: row.eventNames },
    ...{ batchSize: row.batchSize, isActive: row.isActive, pauseReason: row.pauseReason },
    failingSince: row.failingSince?.toISOString() ?? null,
    restUntil: row.restUntil?.toISOString() ?? null,
    waiting: waiting.get(row.webhookId) ?? 0,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
}

async function answeredOne(db: Queryable, row: WebhookRow): Promise<Webhook> {
  const [webhook] = await answered(db, [row]);
  return webhook ?? unknown(row.webhookId);
}
