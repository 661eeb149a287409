import { getSettings, type Settings } from "../accounts/settings.ts";
import type { Database } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";
import { estimateSms } from "../messages/estimate.ts";
import { codesLeft, type Forecast, forecast, needsAccount, shareWithGaps } from "../messages/forecast.ts";
import { quietUntil } from "../messages/limits.ts";
import type { SendPlan } from "../messages/plans.ts";
import { getCampaign } from "./campaigns.ts";
import { planRun } from "./plan.ts";
import { usersOwn } from "./plan-schema.ts";
import { type CampaignRow, findCampaign } from "./queries.ts";
import { type CampaignParts, templatesFor } from "./runs.ts";
import { firstRun, runsBetween, zoneOf } from "./schedule.ts";
import type { Review } from "./schema.ts";

type Warning = Review["warnings"][number];

const shownRuns = 5;
/** Longer is worth a word. */
const slowSeconds = 6 * 3_600;
/** With fewer of each, chance decides which content is the better one. */
const leastOfVariant = 100;

/** What launching a campaign would do, with what it would be refused for and what speaks against it. Sends nothing. */
export async function reviewCampaign(parts: CampaignParts, appKey: number, id: string): Promise<Review> {
  const { db } = parts;
  const row = await findCampaign(db, appKey, id);
  if (!row) {
    await getCampaign(db, appKey, id);
    throw new Problem("conflict", "This send was made by the API: there is nothing to launch.");
  }
  const now = new Date();
  const settings = await getSettings(db, appKey);
  const { plan, faults } = await tryPlan(parts, appKey, row, now);
  const { schedule } = row.plan;
  const appZone = settings.timeZone;
  const first = schedule.kind === "now" ? null : firstRun(schedule, { appZone, now });
  if (schedule.kind !== "now" && !first)
    faults.push({ pointer: "/schedule", detail: "is over already; choose a later time" });
  const span = { from: first?.at ?? now, to: new Date(8.64e15) };
  const next = first ? runsBetween(schedule, { appZone, ...span, done: row.runs, most: shownRuns }) : [];
  const empty: Forecast = { recipients: 0, reached: 0, account: null };
  const numbers = plan ? await forecast(db, appKey, plan) : empty;
  const seconds = secondsOf(row, numbers);
  return {
    ...{ faults, recipients: numbers.recipients, reached: numbers.reached, seconds },
    cost: plan && (await costOf(db, appKey, plan, numbers)),
    startsAt: first?.at.toISOString() ?? null,
    next: next.map(({ at }) => at.toISOString()),
    warnings: plan
      ? [
          ...warningsOf(row, numbers, { settings, at: first?.at ?? now, now, seconds }),
          ...(await warnOfGaps(db, appKey, plan, numbers)),
          ...(await warnOfCodes(db, appKey, plan, numbers)),
        ]
      : [],
  };
}

async function tryPlan(
  parts: CampaignParts,
  appKey: number,
  row: CampaignRow,
  now: Date,
): Promise<{ plan: SendPlan | null; faults: Review["faults"] }> {
  const whatsapp = await templatesFor(parts, appKey, row.channel);
  try {
    const plan = await planRun(row, { publicUrl: parts.publicUrl(), whatsapp }, { now, wallTime: null });
    return { plan, faults: [] };
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors) throw error;
    return { plan: null, faults: [...error.errors] };
  }
}

/** At the rate of the account and the pace that was set, whichever is slower; null where neither says anything. */
function secondsOf({ plan }: CampaignRow, { reached, account }: Forecast): number | null {
  const rates = [account?.ratePerSecond, plan.limits.throttle && plan.limits.throttle / 60].filter(
    (rate): rate is number => typeof rate === "number",
  );
  return rates.length === 0 ? null : Math.ceil(reached / Math.min(...rates));
}

async function costOf(
  db: Database,
  appKey: number,
  { channel, to, content }: SendPlan,
  { reached, account }: Forecast,
): Promise<Review["cost"]> {
  const price = account?.price;
  if (!price) return null;
  let messages = reached;
  if (channel === "sms" && to.kind === "target") {
    const filter = to.filter as Omit<Parameters<typeof estimateSms>[2], "content">;
    messages = (await estimateSms(db, appKey, { ...filter, content: content.content })).total;
  }
  return { amount: Math.round(messages * price.amount * 100) / 100, currency: price.currency };
}

function warningsOf(
  { channel, plan }: CampaignRow,
  { recipients, reached, account }: Forecast,
  { settings, at, now, seconds }: { settings: Settings; at: Date; now: Date; seconds: number | null },
): Warning[] {
  const { schedule, limits, variants, winner } = plan;
  const { quietHours, frequencyCap, timeZone } = settings;
  const warnings: Warning[] = [];
  const warn = (code: Warning["code"], detail: string, count: number | null = null) =>
    warnings.push({ code, count, detail });
  if (recipients === 0) warn("nobody", "Nobody is in this audience by now.", 0);
  if (reached < recipients)
    warn(
      "unreached",
      `${recipients - reached} of them cannot be reached on ${channel}.`,
      recipients - reached,
    );
  if (needsAccount(channel) && !account)
    warn("no_account", `No account of a provider serves ${channel}. Add one.`);
  if (account && account.status !== "active")
    warn(
      "account_paused",
      `${account.name} does not send now${account.detail ? `: ${account.detail}` : "."}`,
    );
  if (zoneOf(schedule, timeZone) === usersOwn && at <= now)
    warn("shared_time", "Where it is later than that already, it goes at once.");
  if (quietHours && limits.quietHours && quietUntil(at, timeZone, quietHours))
    warn(
      "quiet_hours",
      `It starts in quiet hours (${quietHours.from} to ${quietHours.to}): who has them waits.`,
    );
  if (frequencyCap && limits.cap)
    warn(
      "capped",
      `Who had ${frequencyCap.messages} campaigns within ${frequencyCap.hours} hours is skipped.`,
    );
  const tried = (reached * (winner?.share ?? 100)) / 100 / (variants.length + 1);
  if (variants.length > 0 && tried < leastOfVariant)
    warn(
      "few_for_variants",
      `Each content goes to about ${Math.round(tried)}: too few to tell which is better.`,
    );
  if (seconds !== null && seconds > slowSeconds)
    warn("slow", `Sending takes about ${Math.round(seconds / 3_600)} hours.`);
  return warnings;
}

async function warnOfGaps(
  db: Database,
  appKey: number,
  { to, content }: SendPlan,
  { reached }: Forecast,
): Promise<Warning[]> {
  if (to.kind !== "target") return [];
  const share = await shareWithGaps(db, appKey, { content, filter: to.filter });
  if (share === 0) return [];
  const count = Math.max(1, Math.round(share * reached));
  const what = content.missing === "skip" ? "they are skipped" : "they get it with gaps";
  return [
    { code: "missing_variables", count, detail: `About ${count} have no value for a variable: ${what}.` },
  ];
}

async function warnOfCodes(
  db: Database,
  appKey: number,
  plan: SendPlan,
  { reached }: Forecast,
): Promise<Warning[]> {
  const left = await codesLeft(db, appKey, plan);
  if (left === null || left >= reached) return [];
  const detail = `Only ${left} promo codes are left for ${reached}. Upload more, or set one for the others.`;
  return [{ code: "few_promo_codes", count: reached - left, detail }];
}
