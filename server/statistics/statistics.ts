import { prepareAnalysis } from "../db/analysis.ts";
import type { Database, Queryable } from "../db/database.ts";
import { sumCounts } from "../deliveries/counters.ts";
import type { DeliveryCounts } from "../deliveries/schema.ts";
import { requireMessage } from "../messages/messages.ts";
import {
  countByPlatform,
  countBySteps,
  findSpan,
  listEarlier,
  type StateRow,
  sumInfluence,
  type TrendRow,
} from "./queries.ts";
import type { MessageStatistics } from "./schema.ts";

type Rates = MessageStatistics["rates"];
type Trend = MessageStatistics["trend"];

const noCounts: DeliveryCounts = {
  ...{ targeted: 0, queued: 0, waiting: 0, sent: 0, delivered: 0, seen: 0, clicked: 0 },
  ...{ failed: 0, skipped: 0, expired: 0, cancelled: 0, unknown: 0 },
};
/** What the average is made of: the campaigns of so many days, and of those the latest. */
const averagedDays = 90;
const averagedMessages = 500;
const maxPoints = 48;

/** Reads the statistics of messages, and remembers them for a while. */
export interface Statistics {
  read(appKey: number, messageId: string): Promise<MessageStatistics>;
}

/** At least so long, and three times as long as it took: who looks on must not keep the database busy. */
const rememberedMs = 5_000;
const keptAnswers = 200;

export function createStatistics(db: Database): Statistics {
  const answers = new Map<string, { answer: Promise<MessageStatistics>; until: number }>();
  return {
    async read(appKey, messageId) {
      const name = `${appKey}/${messageId}`;
      const known = answers.get(name);
      if (known && known.until > Date.now()) return known.answer;
      const from = Date.now();
      const entry = {
        // While it is being read, others wait for it.
        until: Number.POSITIVE_INFINITY,
        answer: readStatistics(db, appKey, messageId).then(
          (answer) => {
            entry.until = Date.now() + Math.max(rememberedMs, 3 * (Date.now() - from));
            return answer;
          },
          (error) => {
            answers.delete(name);
            throw error;
          },
        ),
      };
      answers.delete(name);
      answers.set(name, entry);
      const oldest = answers.keys().next();
      if (answers.size > keptAnswers && !oldest.done) answers.delete(oldest.value);
      return entry.answer;
    },
  };
}

async function readStatistics(db: Database, appKey: number, messageId: string): Promise<MessageStatistics> {
  const { channel } = await requireMessage(db, appKey, messageId);
  const isOnDevices = channel === "inbox" || channel === "push";
  const { platforms, trend, influence } = await db.transaction(async (tx) => {
    await prepareAnalysis(tx);
    return {
      platforms: isOnDevices ? await countByPlatform(tx, appKey, messageId) : [],
      trend: await readTrend(tx, messageId),
      influence: await sumInfluence(tx, appKey, messageId),
    };
  });
  const counts = await sumCounts(db, [messageId]);
  return {
    platforms: platformsOf(platforms),
    trend,
    influence: {
      events: influence.map(({ revenue: _, ...event }) => event),
      revenue: influence.reduce((sum, { revenue }) => sum + revenue, 0),
    },
    rates: ratesOf(counts.get(messageId) ?? noCounts),
    average: await averageBefore(db, appKey, { messageId, channel }),
  };
}

/** Counts of each type of devices, the most frequent first. */
function platformsOf(rows: readonly StateRow[]): MessageStatistics["platforms"] {
  const platforms = new Map<string, DeliveryCounts>();
  for (const { platform, state, count } of rows) {
    const name = platform ?? "unknown";
    const counts = platforms.get(name) ?? { ...noCounts };
    counts[state] += count;
    counts.targeted += count;
    platforms.set(name, counts);
  }
  return [...platforms]
    .map(([platform, counts]) => ({ platform, counts }))
    .sort((a, b) => b.counts.targeted - a.counts.targeted);
}

async function readTrend(db: Queryable, messageId: string): Promise<Trend> {
  const span = await findSpan(db, messageId);
  if (!span) return { step: stepOf(0), points: [] };
  const { step, from } = gridOf(span);
  return trendOf(await countBySteps(db, messageId, { from, stepSeconds: step }), { step, from });
}

const steps = [
  ...[10, 30, 60, 120, 300, 600, 900, 1_800],
  ...[3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000],
];
const longest = 2_592_000;

/** The smallest step by which so many seconds are few enough. One is spared, since a span may begin within a step. */
const stepOf = (seconds: number): number => steps.find((step) => seconds / step < maxPoints - 1) ?? longest;

/** The steps in which a span of time is shown: round ones, of whole minutes and hours. */
export function gridOf({ first, last }: { first: Date; last: Date }): { step: number; from: Date } {
  const step = stepOf((last.getTime() - first.getTime()) / 1000);
  const stepMs = step * 1000;
  return { step, from: new Date(Math.floor(first.getTime() / stepMs) * stepMs) };
}

const happenings = ["sent", "delivered", "seen", "clicked", "failed"] as const;

/** What happened in each step, from the first one to the last that had anything. */
export function trendOf(rows: readonly TrendRow[], { step, from }: { step: number; from: Date }): Trend {
  const points: Trend["points"] = [];
  for (const row of rows)
    for (const what of happenings) {
      const at = row[what];
      if (at === null) continue;
      const place = Math.round((at.getTime() - from.getTime()) / (step * 1000));
      while (points.length <= place) {
        const at = new Date(from.getTime() + points.length * step * 1000).toISOString();
        points.push({ at, sent: 0, delivered: 0, seen: 0, clicked: 0, failed: 0 });
      }
      const point = points[place];
      if (point) point[what] += row.count;
    }
  return { step, points: points.slice(0, maxPoints) };
}

/** Shares of a message: states say how far it got, so that who clicked has seen it too. */
export function ratesOf({ targeted, sent, delivered, seen, clicked, failed }: DeliveryCounts): Rates {
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  const gone = sent + delivered + seen + clicked;
  return {
    delivered: share(delivered + seen + clicked, gone),
    seen: share(seen + clicked, gone),
    clicked: share(clicked, gone),
    failed: share(failed, targeted),
  };
}

/** The average of earlier campaigns, each of the same weight; null where there was none. */
async function averageBefore(
  db: Queryable,
  appKey: number,
  message: { messageId: string; channel: string },
): Promise<MessageStatistics["average"]> {
  const earlier = await listEarlier(db, appKey, {
    ...{ ...message, days: averagedDays, limit: averagedMessages },
  });
  if (earlier.length === 0) return null;
  const counts = [...(await sumCounts(db, earlier)).values()].filter(({ targeted }) => targeted > 0);
  if (counts.length === 0) return null;
  const rates = counts.map(ratesOf);
  const mean = (of: (rates: Rates) => number) => rates.reduce((sum, one) => sum + of(one), 0) / rates.length;
  return {
    delivered: mean((one) => one.delivered),
    seen: mean((one) => one.seen),
    clicked: mean((one) => one.clicked),
    failed: mean((one) => one.failed),
    messages: rates.length,
  };
}
