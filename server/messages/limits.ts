import type { QuietHours } from "../accounts/settings.ts";
import type { Queryable } from "../db/database.ts";
import { listTimeZones } from "../installations/installations.ts";
import { nextDay } from "../lib/dates.ts";
import { isClock, momentOf, wallTimeAt } from "../lib/wall-time.ts";
import { claimTouches, type Touch } from "./queries/touches.ts";
import type { Recipient } from "./slices.ts";
import { type Later, type Ruled, ruled } from "./verdict.ts";

/** Somebody who is about to be sent to, and under which key we know who it is by now. */
export interface AboutToSend {
  recipient: Recipient;
  userKey: string;
}

/**
 * Of those who are about to be sent to: for whom it has to wait, since it is quiet hours where they are, and who had as
 * many campaigns as the frequency cap lets through. All others count for the cap from now on.
 */
export async function limit<One extends AboutToSend>(
  db: Queryable,
  appKey: number,
  sends: readonly One[],
  now: Date,
): Promise<Map<One, Later | Ruled>> {
  const verdicts = new Map<One, Later | Ruled>();
  // Those whom an earlier worker may have sent to are no new ones.
  const fresh = sends.filter(({ recipient: { chunk, position } }) => position >= chunk.started);
  for (const [one, until] of await findQuiet(db, appKey, fresh, now))
    verdicts.set(one, { kind: "later", until });
  const awake = fresh.filter((one) => !verdicts.has(one));
  for (const one of await findCapped(db, appKey, awake, now)) verdicts.set(one, ruled("skipped", "capped"));
  return verdicts;
}

async function findQuiet<One extends AboutToSend>(
  db: Queryable,
  appKey: number,
  sends: readonly One[],
  now: Date,
): Promise<Map<One, Date>> {
  const found = new Map<One, Date>();
  const asked = sends.filter(({ recipient: { chunk } }) => chunk.isQuiet && chunk.quietHours !== null);
  if (asked.length === 0) return found;
  const zones = await listTimeZones(db, appKey, [...new Set(asked.map(({ userKey }) => userKey))]);
  const ends = new Map<string, Date | null>();
  for (const one of asked) {
    const { quietHours, timeZone } = one.recipient.chunk;
    if (quietHours === null) continue;
    const known = zones.get(one.userKey);
    const zone = known !== undefined && isClock(known) ? known : timeZone;
    const end = ends.has(zone) ? ends.get(zone) : quietUntil(now, zone, quietHours);
    ends.set(zone, end ?? null);
    if (end)
      found.set(
        one,
        afterDelay(one.recipient, end, (at) => quietUntil(at, zone, quietHours)),
      );
  }
  return found;
}

/** What follows a message, which may have waited for the same end, comes its delay after it; nor in the next night. */
function afterDelay(
  { chunk: { step, content } }: Recipient,
  end: Date,
  quietAt: (at: Date) => Date | null,
): Date {
  if (step === 0 || !content.fallback) return end;
  const at = new Date(end.getTime() + content.fallback.delay * 1000);
  return quietAt(at) ?? at;
}

/** When the quiet hours end in which a moment falls, by the clocks of a zone; null when it falls in none. */
export function quietUntil(at: Date, zone: string, { from, to }: QuietHours): Date | null {
  const { day, time } = wallTimeAt(at, zone);
  const isOverMidnight = from > to;
  const isQuiet = isOverMidnight ? time >= from || time < to : time >= from && time < to;
  if (!isQuiet) return null;
  const end = momentOf({ day: isOverMidnight && time >= from ? nextDay(day) : day, time: to }, zone);
  // Where clocks are put back the end comes twice, and of an hour that they skip it may be behind us.
  return end > at ? end : new Date(at.getTime() + 60_000);
}

/** Whom a campaign reaches counts at once, so that of several that run together none is too much. */
async function findCapped<One extends AboutToSend>(
  db: Queryable,
  appKey: number,
  sends: readonly One[],
  now: Date,
): Promise<One[]> {
  const asked = sends.filter(({ recipient: { chunk } }) => chunk.isCapped && chunk.frequencyCap !== null);
  const [first] = asked;
  const cap = first?.recipient.chunk.frequencyCap;
  if (!cap) return [];
  const touches = new Map<string, Touch>();
  for (const { recipient, userKey } of asked) {
    const { messageId } = recipient.chunk;
    touches.set(`${messageId}/${userKey}`, { messageId, userKey });
  }
  const granted = await claimTouches(db, appKey, { cap, touches: [...touches.values()], now });
  return asked.filter(({ recipient, userKey }) => !granted.has(`${recipient.chunk.messageId}/${userKey}`));
}
