import sql, { raw } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import {
  type DeliveryCounts,
  type DeliveryReason,
  type DeliveryState,
  type ReasonCount,
  reasonTexts,
} from "./schema.ts";

const countedStates = [
  "waiting",
  "sent",
  "delivered",
  "seen",
  "clicked",
  "failed",
  "skipped",
  "expired",
  "cancelled",
  "unknown",
] as const satisfies readonly DeliveryState[];

/** What is counted of a row. */
export interface Counted {
  messageId: string;
  /** Which of several contents it was. */
  variant: number;
  state: DeliveryState;
  reason: DeliveryReason | null;
  code: string | null;
}

/** How the counts of one message change; what is absent does not. `targeted` grows while the audience is frozen. */
interface Change {
  messageId: string;
  variant: number;
  targeted: number;
  /** Recipients that came to an end of sending. */
  ended: number;
  states: Partial<Record<DeliveryState, number>>;
  reasons: Map<string, { state: DeliveryState; reason: DeliveryReason; code: string; count: number }>;
}

/** Gathers what changes in a transaction, to be written by {@link writeCounts} in the same one. */
export class CountChanges {
  readonly #changes = new Map<string, Change>();

  target(of: { messageId: string; variant: number }, recipients: number): void {
    this.#of(of).targeted += recipients;
  }

  /** A row of its own: a recipient that came to an end of sending. */
  add(row: Counted): void {
    this.#of(row).ended += 1;
    this.#count(row, 1);
  }

  /** A row that became another. */
  move(from: Counted, to: Counted): void {
    this.#count(from, -1);
    this.#count(to, 1);
  }

  /** Rows that are no more: their recipients are queued again. */
  remove(row: Counted, count: number): void {
    this.#count(row, -count);
  }

  /** Rows of one kind that became another. */
  moveMany(from: Counted, to: Counted, count: number): void {
    this.#count(from, -count);
    this.#count(to, count);
  }

  list(): Change[] {
    // In the order of their ids, so that two writers cannot deadlock.
    return [...this.#changes.values()].sort((a, b) =>
      a.messageId === b.messageId ? a.variant - b.variant : a.messageId < b.messageId ? -1 : 1,
    );
  }

  #count({ messageId, variant, state, reason, code }: Counted, count: number): void {
    const change = this.#of({ messageId, variant });
    change.states[state] = (change.states[state] ?? 0) + count;
    if (reason === null) return;
    const key = `${state} ${reason} ${code ?? ""}`;
    const counted = change.reasons.get(key);
    if (counted) counted.count += count;
    else change.reasons.set(key, { state, reason, code: code ?? "", count });
  }

  #of({ messageId, variant }: { messageId: string; variant: number }): Change {
    const key = `${messageId}/${variant}`;
    const known = this.#changes.get(key);
    if (known) return known;
    const made: Change = { messageId, variant, targeted: 0, ended: 0, states: {}, reasons: new Map() };
    this.#changes.set(key, made);
    return made;
  }
}

/** Slot of the counters for receipts and acceptance; workers use the ones from 1. */
export const sharedSlot = 0;

/** Length of the spans in which ends are counted, for the rate. */
const spanMs = 4_000;

const numbers = ["targeted", ...countedStates];
const zeroes = Object.fromEntries(numbers.map((name) => [name, 0]));

/**
 * Adds to the counters, one statement for all messages. `slot` spreads writers that run at once over rows of their own.
 */
export async function writeCounts(
  tx: Queryable,
  slot: number,
  changes: CountChanges,
  now: Date,
): Promise<void> {
  const list = changes.list();
  if (list.length === 0) return;
  const rows = list.map(({ messageId, variant, targeted, ended, states }) => ({
    ...{ message_id: messageId, variant, ...zeroes, ...states, targeted, ended },
  }));
  const span = Math.floor(now.getTime() / spanMs);
  await tx.query(sql`
    insert into message_counters as c (message_id, slot, variant, ${raw(numbers.join(", "))}, span, in_span)
    select message_id, ${slot}::smallint, variant, ${raw(numbers.join(", "))}, ${span}::bigint, ended
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (message_id uuid, variant smallint, ${raw(numbers.map((name) => `${name} integer`).join(", "))}, ended integer)
    on conflict (message_id, slot, variant) do update set
      ${raw(numbers.map((name) => `${name} = c.${name} + excluded.${name}`).join(",\n      "))},
      in_span_before = case
        when excluded.span <= c.span then c.in_span_before
        when excluded.span = c.span + 1 then c.in_span
        else 0 end,
      in_span = case when excluded.span <= c.span then c.in_span else 0 end + excluded.in_span,
      span = greatest(c.span, excluded.span)`);
  const reasons = reasonsOf(list);
  if (reasons.length === 0) return;
  reasons.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await tx.query(sql`
    insert into message_reasons as r (message_id, slot, state, reason, code, count)
    select message_id, ${slot}::smallint, state::delivery_state, reason, code, count
    from unnest(
      ${reasons.map((row) => row.messageId)}::uuid[],
      ${reasons.map((row) => row.state)}::text[],
      ${reasons.map((row) => row.reason)}::text[],
      ${reasons.map((row) => row.code)}::text[],
      ${reasons.map((row) => row.count)}::integer[]
    ) as n (message_id, state, reason, code, count)
    on conflict (message_id, slot, state, reason, code) do update set count = r.count + excluded.count`);
}

/** Why, of all contents of a message together. */
function reasonsOf(changes: readonly Change[]) {
  const sums = new Map<
    string,
    { messageId: string } & (Change["reasons"] extends Map<string, infer R> ? R : never)
  >();
  for (const { messageId, reasons } of changes) {
    for (const [key, reason] of reasons) {
      const sum = sums.get(`${messageId} ${key}`);
      if (sum) sum.count += reason.count;
      else sums.set(`${messageId} ${key}`, { messageId, ...reason });
    }
  }
  return [...sums.values()].filter(({ count }) => count !== 0);
}

const keyOf = (row: { messageId: string; state: string; reason: string; code: string }) =>
  `${row.messageId} ${row.state} ${row.reason} ${row.code}`;

/** Counts of messages, the slots summed. A message without counters has no recipients. */
export async function sumCounts(
  db: Queryable,
  messageIds: readonly string[],
): Promise<Map<string, DeliveryCounts>> {
  const { rows } = await db.query<DeliveryCounts & { messageId: string }>(sql`
    select message_id as "messageId", ${raw(numbers.map((name) => `sum(${name}) as ${name}`).join(", "))},
      sum(targeted) - ${raw(countedStates.map((name) => `sum(${name})`).join(" - "))} as queued
    from message_counters
    where message_id = any(${messageIds}::uuid[])
    group by message_id`);
  return new Map(rows.map(({ messageId, ...counts }) => [messageId, counts]));
}

/** Counts of a message by content; under -1 those whose content is found later. */
export async function sumVariantCounts(
  db: Queryable,
  messageId: string,
): Promise<(DeliveryCounts & { variant: number })[]> {
  const { rows } = await db.query<DeliveryCounts & { variant: number }>(sql`
    select variant, ${raw(numbers.map((name) => `sum(${name}) as ${name}`).join(", "))},
      sum(targeted) - ${raw(countedStates.map((name) => `sum(${name})`).join(" - "))} as queued
    from message_counters
    where message_id = ${messageId}
    group by variant
    order by variant`);
  return rows;
}

/** Recipients a second that came to an end of sending lately. */
export async function readRate(db: Queryable, messageId: string, now: Date): Promise<number> {
  const span = Math.floor(now.getTime() / spanMs);
  const { rows } = await db.query<{ before: number | null; current: number | null }>(sql`
    select
      sum(case when span = ${span} - 1 then in_span when span = ${span} then in_span_before else 0 end) as before,
      sum(case when span = ${span} then in_span else 0 end) as current
    from message_counters
    where message_id = ${messageId}`);
  const ended = (rows[0]?.before ?? 0) + (rows[0]?.current ?? 0);
  return (ended * 1000) / (spanMs + (now.getTime() % spanMs));
}

/** Why recipients of a message were not reached, the most frequent reason first. */
export async function listReasons(db: Queryable, messageId: string): Promise<ReasonCount[]> {
  const { rows } = await db.query<Omit<ReasonCount, "reasonText">>(sql`
    select state, reason, nullif(code, '') as code, sum(count) as count
    from message_reasons
    where message_id = ${messageId}
    group by state, reason, code
    having sum(count) > 0
    order by sum(count) desc, state, reason, code
    limit 100`);
  return rows.map((row) => ({ ...row, reasonText: reasonTexts[row.reason] }));
}
