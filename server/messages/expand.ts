import sql, { type Sql } from "sql-template-tag";
import type { Channel } from "../channels/schema.ts";
import { prepareAnalysis } from "../db/analysis.ts";
import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { recordTargeted } from "../deliveries/record.ts";
import { topicAudience } from "../installations/installations.ts";
import { keyAt, keySpace, nilUuid, positionOf } from "../lib/keys.ts";
import type { WallTime } from "../lib/wall-time.ts";
import type { Condition } from "../segments/condition.ts";
import { audienceOf, userAudienceOf } from "../segments/segments.ts";
import { duesOf, laterBy } from "./dues.ts";
import { type Manner, recipientsAre } from "./plans.ts";
import { finishMessages, lockExpansion, recordExpansion } from "./queries/messages.ts";
import { insertChunksOfRange, largeSend, type Split } from "./queries/new-chunks.ts";
import type { AudienceKind, MessageContent } from "./schema.ts";
import { sizeAtPace } from "./slices.ts";

export const expandTask = "expand_message";

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
    manner: ManyWays;
  },
  range: { from: string; to: string | null; firstSeq: number },
  now: Date,
): Promise<void> {
  const { split, wallTime, throttle } = message.manner;
  const size = sizeAtPace(throttle);
  const dues = await duesOf(tx, message.appKey, wallTime, range, now);
  const first = await insertChunksOfRange(tx, {
    ...{ ...message, ...range, by: recipientsAre(message.channel), size, step: 0, split, dues },
  });
  const later = message.fallback
    ? await insertLater(tx, { ...message, fallback: message.fallback })
    : noChunks;
  const chunks = first.chunks + later.chunks;
  await recordExpansion(tx, {
    messageId: message.messageId,
    expandFrom: range.to,
    nextChunk: range.firstSeq + chunks,
    now,
  });
  const { messageId } = message;
  await recordTargeted(
    tx,
    [...first.targeted, ...later.targeted].map((targeted) => ({ messageId, ...targeted })),
    now,
  );
  await notify(tx, "chapar_work");

  /** What follows is for people, each once, however many devices they have. */
  function insertLater(
    tx: Transaction,
    { fallback, audience, ...of }: typeof message & { fallback: NonNullable<MessageContent["fallback"]> },
  ) {
    return insertChunksOfRange(tx, {
      ...{ ...of, ...range, channel: fallback.channel, by: "user", size, step: 1, split },
      audience: sql`select distinct user_key from (${audience}) as devices (user_key, installation_key)`,
      firstSeq: range.firstSeq + first.chunks,
      dues: laterBy(dues, fallback.delay * 1000),
    });
  }
}

const noChunks = { chunks: 0, targeted: [] };

/** What of the manner of a message its audience is split by. */
export interface ManyWays {
  split: Split | null;
  wallTime: WallTime | null;
  throttle: number | null;
}

/** Null where all get one content at once. */
export function splitOf(
  { variants, winner, firstShare }: Pick<Manner, "firstShare"> & { variants: number; winner: unknown },
  salt: string,
): Split | null {
  if (variants === 0 && firstShare === null) return null;
  return {
    ...{ salt, contents: variants + 1, firstShare: (firstShare ?? 100) / 100 },
    isRestUndecided: winner !== null,
  };
}

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
        {
          ...{ ...message, messageId: job.messageId, priority: largeSend },
          ...{ audience: audienceSql(message, range), manner: mannerOf(message) },
        },
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

const mannerOf = (message: NonNullable<Awaited<ReturnType<typeof lockExpansion>>>): ManyWays => ({
  ...{ split: splitOf(message, message.salt), throttle: message.throttle },
  wallTime: message.wallTime === null ? null : readWallTime(message.wallTime),
});

const readWallTime = (text: string): WallTime => ({ day: text.slice(0, 10), time: text.slice(11) });

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
