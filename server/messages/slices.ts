import { randomInt } from "node:crypto";
import type { PushService } from "../channels/schema.ts";
import type { ChunkKey } from "./queries/chunks.ts";
import type { ClaimedChunk } from "./queries/claims.ts";
import type { NewChunk } from "./queries/new-chunks.ts";

/** Some recipients of a chunk, from position `from` up to `to`. */
export interface Slice {
  chunk: ClaimedChunk;
  from: number;
  to: number;
}

/** What is left of the chunks, cut so that each list of slices has at most `size` recipients. */
export function* batches(chunks: readonly ClaimedChunk[], size: number): Generator<Slice[]> {
  let batch: Slice[] = [];
  let room = size;
  for (const chunk of chunks) {
    for (let from = chunk.done; from < chunk.userKeys.length; ) {
      const to = Math.min(from + room, chunk.userKeys.length);
      batch.push({ chunk, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield batch;
      batch = [];
      room = size;
    }
  }
  if (batch.length > 0) yield batch;
}

/** One of the recipients of some slices. */
export interface Recipient {
  chunk: ClaimedChunk;
  position: number;
  userKey: string;
  installationKey: string;
  /** What the caller named, of somebody whom nobody knows. */
  address: string | null;
}

export const recipientsOf = (slices: readonly Slice[]): Recipient[] =>
  slices.flatMap(({ chunk, from, to }) =>
    Array.from({ length: to - from }, (_, index): Recipient => {
      const position = from + index;
      return {
        ...{ chunk, position },
        userKey: chunk.userKeys[position] ?? "",
        installationKey: chunk.installationKeys[position] ?? "",
        address: chunk.addresses?.[position] || null,
      };
    }),
  );

export const keyOf = ({ messageId, seq }: ClaimedChunk): ChunkKey => ({ messageId, seq });

/**
 * Chunks of some recipients, by the chunk that they are of and by whose tokens they have; `change` says what of it is
 * other than there. Their numbers are beside those that the expansion gives, and before them.
 */
export function chunksBeside(
  recipients: readonly { recipient: Recipient; tokenService: PushService | null }[],
  change: Partial<Pick<NewChunk, "channel" | "isAlert" | "attempt">> & { notBefore: Date },
): NewChunk[] {
  const groups = new Map<
    string,
    { chunk: ClaimedChunk; tokenService: PushService | null; of: Recipient[] }
  >();
  for (const { recipient, tokenService } of recipients) {
    const { chunk } = recipient;
    const name = `${chunk.messageId} ${chunk.seq} ${tokenService}`;
    const group = groups.get(name) ?? { chunk, tokenService, of: [] };
    group.of.push(recipient);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ chunk, tokenService, of }) => ({
    ...{ messageId: chunk.messageId, appKey: chunk.appKey, channel: chunk.channel, step: chunk.step },
    ...{ variant: chunk.variant, stage: chunk.stage },
    ...{ isAlert: chunk.isAlert, attempt: chunk.attempt, priority: chunk.priority },
    ...{ ...change, tokenService, seq: seqBeside() },
    userKeys: of.map(({ userKey }) => userKey),
    installationKeys: of.map(({ installationKey }) => installationKey),
    addresses: of.some(({ address }) => address !== null) ? of.map(({ address }) => address ?? "") : null,
  }));
}

/** The same of those who get it later, by when that is. */
export function chunksLater(later: readonly { recipient: Recipient; until: Date }[]): NewChunk[] {
  const byTime = new Map<number, Recipient[]>();
  for (const { recipient, until } of later) {
    const group = byTime.get(until.getTime());
    if (group) group.push(recipient);
    else byTime.set(until.getTime(), [recipient]);
  }
  return [...byTime].flatMap(([until, group]) =>
    chunksBeside(
      group.map((recipient) => ({ recipient, tokenService: recipient.chunk.tokenService })),
      { notBefore: new Date(until) },
    ),
  );
}

const chunkSize = 1_000;
/** Where a message keeps to a pace, so many chunks are due in a minute. */
const pacesAMinute = 12;

/** Recipients that are frozen together, of a message that keeps to so many a minute. */
export const sizeAtPace = (throttle: number | null): number =>
  throttle === null ? chunkSize : Math.min(chunkSize, Math.max(1, Math.floor(throttle / pacesAMinute)));

/** A number beside those that the expansion gives. */
export const seqBeside = (): number => -randomInt(1, 2 ** 31);

/** Slices by app: what is asked of the database is asked of one app at a time. */
export function byApp(slices: readonly Slice[]): { appKey: number; slices: Slice[] }[] {
  const groups = new Map<number, Slice[]>();
  for (const slice of slices) {
    const group = groups.get(slice.chunk.appKey);
    if (group) group.push(slice);
    else groups.set(slice.chunk.appKey, [slice]);
  }
  return [...groups].map(([appKey, ofApp]) => ({ appKey, slices: ofApp }));
}
