import sql, { type Sql } from "sql-template-tag";
import type { Channel } from "../channels/schema.ts";
import { prepareAnalysis } from "../db/analysis.ts";
import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { recordTargeted } from "../deliveries/record.ts";
import { topicAudience } from "../installations/installations.ts";
import { keyAt, keySpace, nilUuid, positionOf } from "../lib/keys.ts";
import type { Condition } from "../segments/condition.ts";
import { audienceOf, userAudienceOf } from "../segments/segments.ts";
import { recipientsAre } from "./plans.ts";
import { insertChunksOfRange, largeSend } from "./queries/chunks.ts";
import { finishMessages, lockExpansion, recordExpansion } from "./queries/messages.ts";
import type { AudienceKind, MessageContent } from "./schema.ts";

export const expandTask = "expand_message";

const chunkSize = 1_000;
/** The first range is that much smaller. */
const firstRanges = 16;
/** Recipients frozen in one transaction: a kill repeats at most this much, and the first chunks are soon to send. */
const rangeSize = 20_000;

/** Freezes one range of the audience and records how far it got, in the caller's transaction. */
export async function expandRange(
  tx: Transaction,
  message: {
    messageId: string;
    appKey: number;
    channel: Channel;
    priority: number;
    audience: Sql;
    fallback: MessageContent["fallback"] | null;
  },
  range: { from: string; to: string | null; firstSeq: number },
  now: Date,
): Promise<void> {
  const first = await insertChunksOfRange(tx, {
    ...{ ...message, ...range, by: recipientsAre(message.channel), size: chunkSize, step: 0, notBefore: now },
  });
  const later = message.fallback
    ? await insertLater(tx, { ...message, fallback: message.fallback })
    : noChunks;
  const chunks = first.chunks + later.chunks;
  const recipients = first.recipients + later.recipients;
  await recordExpansion(tx, {
    messageId: message.messageId,
    expandFrom: range.to,
    nextChunk: range.firstSeq + chunks,
    now,
  });
  await recordTargeted(tx, [{ messageId: message.messageId, recipients }], now);
  await notify(tx, "chapar_work");

  /** What follows is for people, each once, however many devices they have. */
  function insertLater(
    tx: Transaction,
    { fallback, audience, ...of }: typeof message & { fallback: NonNullable<MessageContent["fallback"]> },
  ) {
    return insertChunksOfRange(tx, {
      ...{ ...of, ...range, channel: fallback.channel, by: "user", size: chunkSize, step: 1 },
      audience: sql`select distinct user_key from (${audience}) as devices (user_key, installation_key)`,
      firstSeq: range.firstSeq + first.chunks,
      notBefore: new Date(now.getTime() + fallback.delay * 1000),
    });
  }
}

const noChunks = { chunks: 0, recipients: 0 };

/**
 * Freezes the audience of a large message range by range, each in a transaction of its own, and goes on where an
 * earlier run left off. `count` is about how many there are.
 */
export async function expandMessage(
  db: Database,
  job: { messageId: string; count: number },
  signal: AbortSignal,
): Promise<void> {
  const ranges = Math.max(1, Math.ceil(job.count / rangeSize));
  for (;;) {
    signal.throwIfAborted();
    const more = await db.transaction(async (tx) => {
      const message = await lockExpansion(tx, job.messageId);
      if (!message) return false;
      // A small first one: sending begins with it.
      const isFirst = message.expandFrom === nilUuid;
      const range = {
        from: message.expandFrom,
        to: nextBound(message.expandFrom, isFirst ? ranges * firstRanges : ranges),
      };
      const { to } = range;
      await prepareAnalysis(tx);
      await expandRange(
        tx,
        { ...message, messageId: job.messageId, priority: largeSend, audience: audienceSql(message, range) },
        { ...range, firstSeq: message.nextChunk },
        new Date(),
      );
      await notify(tx, "chapar_changes", `${message.appKey}:message:${job.messageId}`);
      return to !== null;
    });
    if (!more) break;
  }
  await finishMessages(db, [job.messageId], new Date());
}

function audienceSql(
  message: { appKey: number; channel: Channel; audienceKind: AudienceKind; audience: unknown; topic: string },
  range: { from: string; to: string | null },
): Sql {
  if (message.audienceKind === "topic") return topicAudience(message.appKey, message.topic);
  const { condition } = message.audience as { condition: Condition };
  return recipientsAre(message.channel) === "user"
    ? userAudienceOf(message.appKey, condition, range)
    : audienceOf(message.appKey, condition, range);
}

/**
 * The first bound above `from` that cuts the uuid space into `ranges` equal parts; null when there is none. Keys are
 * uniform, so equal parts hold about as many users each.
 */
export function nextBound(from: string, ranges: number): string | null {
  const index = (positionOf(from) * BigInt(ranges)) / keySpace + 1n;
  if (index >= BigInt(ranges)) return null;
  // Rounded up, so that the bound lies in the part it opens.
  return keyAt((index * keySpace + BigInt(ranges) - 1n) / BigInt(ranges));
}
