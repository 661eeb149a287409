import sql from "sql-template-tag";
import { z } from "zod";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { listDeliveryLog } from "../deliveries/deliveries.ts";
import { namesOf, withNames } from "../deliveries/names.ts";
import { type Delivery, DeliveryReason, LogState } from "../deliveries/schema.ts";
import { deliveryId, nilUuid, userKey } from "../lib/keys.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { listAccountNames } from "../providers/accounts.ts";
import { listGuests, resolveUser } from "../users/aliases.ts";
import { findUsersByAddress } from "../users/to-reach.ts";
import { channelsOf, requireMessage } from "./messages.ts";

/** How the log of a message is narrowed. */
export const LogFilter = z.object({
  state: LogState.optional(),
  reason: DeliveryReason.optional(),
  user: z.string().trim().min(1).max(254).optional().describe("Id, phone number or e-mail address of a user"),
});

type LogQuery = z.infer<typeof LogFilter> & { cursor?: string | undefined; limit: number };

interface App {
  appKey: number;
  appId: string;
}

/** What became of a message, recipient by recipient; with the state `queued` those to whom nothing was sent yet. */
export async function listLog(
  db: Queryable,
  app: App,
  messageId: string,
  query: LogQuery,
): Promise<Page<Delivery>> {
  const message = await requireMessage(db, app.appKey, messageId);
  const userKeys = query.user === undefined ? null : await keysOf(db, app, query.user);
  if (query.state === "queued")
    return listQueued(db, app.appKey, { messageId, userKeys, cursor: query.cursor, limit: query.limit });
  return listDeliveryLog(
    db,
    app.appKey,
    { messageId, channels: channelsOf(message) },
    {
      ...{ state: query.state ?? null, reason: query.reason ?? null, userKeys },
      ...{ cursor: query.cursor, limit: query.limit },
    },
    await listAccountNames(db, app.appKey),
  );
}

/** All of {@link listLog}, a thousand rows at a time. */
export async function* eachOfLog(
  db: Queryable,
  app: App,
  messageId: string,
  query: z.infer<typeof LogFilter>,
): AsyncGenerator<Delivery> {
  let cursor: string | undefined;
  do {
    const page: Page<Delivery> = await listLog(db, app, messageId, { ...query, cursor, limit: 1000 });
    yield* page.data;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}

/** Under which keys somebody may stand in a log: as they are, as guests that they were, or as nobody of that id. */
async function keysOf(db: Queryable, app: App, text: string): Promise<string[]> {
  const found = [
    (await resolveUser(db, app, text)).userKey,
    ...(await findUsersByAddress(db, app.appKey, text)),
  ];
  const guests = await Promise.all(found.map((key) => listGuests(db, app.appKey, key)));
  return [...new Set([userKey(app.appId, text), ...found, ...guests.flat().map((guest) => guest.userKey)])];
}

interface QueuedRow {
  seq: number;
  position: number;
  userKey: string;
  installationKey: string;
  userId: string | null;
  installationId: string | null;
  deviceType: string | null;
  address: string | null;
  channel: Channel;
  step: number;
  attempts: number;
  dueAt: Date;
  createdAt: Date;
}

async function listQueued(
  db: Queryable,
  appKey: number,
  page: { messageId: string; userKeys: readonly string[] | null; cursor?: string | undefined; limit: number },
): Promise<Page<Delivery>> {
  const after = decodeCursor(page.cursor, z.tuple([z.int(), z.int()]));
  const [afterSeq, afterPosition] = after ?? [null, null];
  const { rows } = await db.query<QueuedRow>(sql`
    select d.*, d.user_key as "userKey", d.installation_key as "installationKey", ${namesOf}, d.due_at as "dueAt",
      d.created_at as "createdAt"
    from (
      select c.app_key, c.seq, p.position, p.user_key, p.installation_key,
        nullif(c.addresses[p.position], '') as address, c.channel, c.step,
        c.attempt + (p.position - 1 = any(c.again))::integer as attempts,
        case when p.position - 1 = any(c.again) then c.again_at else c.not_before end as due_at, m.created_at
      from chunks c
      join messages m using (message_id)
      cross join lateral unnest(c.user_keys, c.installation_keys) with ordinality
        as p (user_key, installation_key, position)
      where c.message_id = ${page.messageId} and c.app_key = ${appKey} and not c.is_alert
        and (p.position > c.done or p.position - 1 = any(c.again))
        and (${page.userKeys}::uuid[] is null or p.user_key = any(${page.userKeys}::uuid[]))
        and (${afterSeq}::integer is null or c.seq >= ${afterSeq}::integer)
        and (${afterSeq}::integer is null or (c.seq, p.position) > (${afterSeq}::integer, ${afterPosition}::integer))
      order by c.seq, p.position
      limit ${page.limit + 1}
    ) as d
    ${withNames}
    order by d.seq, d.position`);
  const now = new Date();
  const cut = toPage(rows, page.limit, (row) => [row.seq, row.position]);
  return { data: cut.data.map((row) => toQueued(page.messageId, row, now)), nextCursor: cut.nextCursor };
}

function toQueued(messageId: string, row: QueuedRow, now: Date): Delivery {
  const device = row.installationKey === nilUuid ? `${row.channel}/${row.step}` : row.installationKey;
  return {
    id: deliveryId(messageId, row.userKey, row.address ?? device),
    userId: row.userId ?? row.address ?? "",
    ...{ installationId: row.installationId, deviceType: row.deviceType, channel: row.channel },
    ...{ state: "queued", reason: null, reasonText: null, code: null, detail: null, attempts: row.attempts },
    ...{ providerId: null, account: null, dismissed: false },
    nextAttemptAt: row.dueAt > now ? row.dueAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    ...{ sentAt: null, deliveredAt: null, seenAt: null, clickedAt: null },
  };
}
