import type { Queryable, Transaction } from "../db/database.ts";
import {
  deleteGiven,
  deleteGivenBelow,
  findGiven,
  findSetId,
  giveFallbacks,
  giveNext,
  type Pair,
  peekNext,
} from "./queries.ts";
import { globalTrack } from "./schema.ts";

/** Who is to get a code with a message. */
export interface Allotment {
  messageId: string;
  userKey: string;
  /** Of the campaign: whose codes come first. */
  trackId: string | null;
  /** The code of whoever comes after the last one; null for none. */
  fallback: string | null;
  /** Shows a code that anybody may still get: a test gives none away. */
  isSample: boolean;
}

/**
 * A code for each: the one that they have with this message already, else the next of the campaign's, else of the app's,
 * else the fallback, else null. Codes are given once, however many ask at the same time; what is given stays with message
 * and user, so that a text that is written again says the same.
 */
export async function allotCodes(
  db: Queryable,
  appKey: number,
  asked: readonly Allotment[],
  now: Date,
): Promise<(string | null)[]> {
  const codes = new Map<string, string>();
  const real = asked.filter(({ isSample }) => !isSample);
  const note = (given: readonly (Pair & { code: string })[]) => {
    for (const pair of given) codes.set(nameOf(pair), pair.code);
  };
  if (real.length > 0) note(await findGiven(db, real));
  const without = (some: readonly Allotment[]) => [
    ...new Map(some.filter((one) => !codes.has(nameOf(one))).map((one) => [nameOf(one), one])).values(),
  ];
  const giveFrom = async (trackId: string, group: readonly Allotment[]) => {
    // A set that was replaced at this moment has none left; the new one does.
    for (let before: string | null = null, left = group; left.length > 0; left = without(left)) {
      const setId = await findSetId(db, appKey, trackId);
      if (setId === null || setId === before) return;
      note(await giveNext(db, { appKey, setId, pairs: left, now }));
      before = setId;
    }
  };
  for (const [trackId, group] of byTrack(without(real))) await giveFrom(trackId, group);
  await giveFrom(globalTrack, without(real));
  const last = without(real).flatMap((one) =>
    one.fallback === null ? [] : [{ ...one, code: one.fallback }],
  );
  if (last.length > 0) note(await giveFallbacks(db, { appKey, pairs: last, now }));
  // Those whom another worker was quicker with.
  const others = without(real);
  if (others.length > 0) note(await findGiven(db, others));
  const samples = new Map<string, string | null>();
  for (const { trackId, isSample } of asked) {
    const track = trackId ?? globalTrack;
    if (isSample && !samples.has(track)) samples.set(track, await peekNext(db, appKey, track));
  }
  return asked.map((one) =>
    one.isSample
      ? (samples.get(one.trackId ?? globalTrack) ?? one.fallback)
      : (codes.get(nameOf(one)) ?? null),
  );
}

const nameOf = ({ messageId, userKey }: Pair) => `${messageId}/${userKey}`;

/** Those who have codes of their own; the app's come after them. */
function byTrack(asked: readonly Allotment[]): Map<string, Allotment[]> {
  const groups = new Map<string, Allotment[]>();
  for (const one of asked)
    if (one.trackId !== null) groups.set(one.trackId, [...(groups.get(one.trackId) ?? []), one]);
  return groups;
}

/** Forgets which codes somebody got. */
export const erasePromoCodes = (
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<void> => deleteGiven(tx, appKey, userKeys);

/** Forgets which codes went with messages of which nothing else is kept: those below this id. */
export const forgetCodes = (db: Queryable, messageId: string): Promise<void> =>
  deleteGivenBelow(db, messageId);
