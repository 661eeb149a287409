import { isTimeout, prepareAnalysis } from "../db/analysis.ts";
import type { Database, Transaction } from "../db/database.ts";
import { keyAt, keySpace } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import type { Scope } from "./compile.ts";
import type { Condition } from "./condition.ts";
import {
  countConditions,
  countInstallations,
  countUsers,
  estimateAllUsers,
  listSampleUsers,
} from "./count-queries.ts";
import { resolveFilter } from "./resolve.ts";
import { type CountRequest, filterOf, type SegmentCount, type SegmentNumbers } from "./schema.ts";

const limitMs = 60_000;
/** What is left of the 300 ms that an estimate may take is for the sample. */
const tryExactMs = 100;
const sampledUsers = 4_000;
/** Of a rule among many, all of which are counted in the same time. */
const leastSampled = 1_000;
const samples = 10;
/** Pairs that are looked at for them: a user may have many devices. */
const samplePairs = 100;

type Counted = (SegmentNumbers & { samples: string[] })[];

/** How many match, how many each channel reaches, and who some of them are. Throws a problem for a faulty filter. */
export async function countFilter(
  db: Database,
  appKey: number,
  request: CountRequest,
): Promise<SegmentCount> {
  const { condition, parts } = await resolveFilter(db, appKey, filterOf(request));
  const conditions = [condition, ...(request.perRule ? parts.map((part) => part.condition) : [])];
  const counted = await inTime(() =>
    request.estimate ? estimate(db, appKey, conditions) : exact(db, appKey, conditions, limitMs),
  );
  const [{ samples: keys, ...numbers } = noNumbers, ...ofParts] = counted.counts;
  return {
    ...{ ...numbers, isEstimate: counted.isEstimate },
    samples: await listSampleUsers(db, appKey, [...new Set(keys)].slice(0, samples)),
    ...(request.perRule && {
      rules: ofParts.map(({ samples: _, ...rest }, index) => ({
        pointer: parts[index]?.pointer ?? "",
        ...rest,
      })),
    }),
  };
}

const noNumbers: Counted[number] = {
  ...{ users: 0, installations: 0, samples: [] },
  reach: { inbox: 0, push: 0, email: 0, sms: 0, whatsapp: 0 },
};

/** The installations or users that match, in the caller's transaction: what a send answers. */
export async function countExact(
  tx: Transaction,
  appKey: number,
  condition: Condition,
  what: "installation" | "user" = "installation",
): Promise<number> {
  await prepareAnalysis(tx, limitMs);
  const counted = what === "user" ? countUsers : countInstallations;
  return inTime(() => counted(tx, condition, { appKey }));
}

const count = (
  db: Database,
  scope: Scope,
  conditions: readonly Condition[],
  timeoutMs: number,
): Promise<Counted> =>
  db.transaction(async (tx) => {
    await prepareAnalysis(tx, timeoutMs);
    return countConditions(tx, conditions, scope, samplePairs);
  });

/** With a problem instead of the error of a statement that took longer than {@link limitMs}. */
async function inTime<T>(counting: () => Promise<T>): Promise<T> {
  try {
    return await counting();
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new Problem(
      "too_slow",
      `Counting this filter took longer than ${limitMs / 1000} s. Ask with "estimate": true, make the attributes in it ` +
        "fast, or shorten the time of its events.",
    );
  }
}

interface Outcome {
  counts: Counted;
  isEstimate: boolean;
}

const exact = async (
  db: Database,
  appKey: number,
  conditions: readonly Condition[],
  timeoutMs: number,
): Promise<Outcome> => ({ counts: await count(db, { appKey }, conditions, timeoutMs), isEstimate: false });

/** The exact numbers where they are had at once, else those of a fair share of all users, made larger by as much. */
async function estimate(db: Database, appKey: number, conditions: readonly Condition[]): Promise<Outcome> {
  try {
    return await exact(db, appKey, conditions, tryExactMs);
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
  // A power of two, so that the share of the keys is exact.
  const wanted = Math.max(leastSampled, sampledUsers / conditions.length);
  const all = Math.max(await estimateAllUsers(db), wanted);
  const bits = Math.max(1, Math.floor(Math.log2(all / wanted)));
  const counts = await count(db, { appKey, below: firstShare(bits) }, conditions, limitMs);
  return { counts: counts.map((numbers) => times(numbers, 2 ** bits)), isEstimate: true };
}

/** The end of the first 2^-bits of all keys, which are uniform. */
const firstShare = (bits: number): string => keyAt(keySpace >> BigInt(bits));

const times = (numbers: Counted[number], factor: number): Counted[number] => ({
  ...{ users: numbers.users * factor, installations: numbers.installations * factor },
  reach: {
    ...{ inbox: numbers.reach.inbox * factor, push: numbers.reach.push * factor },
    ...{ email: numbers.reach.email * factor, sms: numbers.reach.sms * factor },
    whatsapp: numbers.reach.whatsapp * factor,
  },
  samples: numbers.samples,
});
