import type { Queryable } from "../db/database.ts";
import { nilUuid } from "../lib/keys.ts";
import { tell } from "../outbox/outbox.ts";
import type { WebhookEvent } from "../outbox/schema.ts";
import { isWanted } from "../outbox/wanted.ts";
import { referenceOf } from "./reference.ts";
import type { DeliveryReason, DeliveryState } from "./schema.ts";

/** A row that came to a state, and the one it was in before. */
export interface Told {
  appKey: number;
  messageId: string;
  userKey: string;
  deliveryId: string;
  installationKey: string;
  step: number;
  variant: number;
  /** Undefined for a new one. */
  before?: DeliveryState;
  state: DeliveryState;
  reason: DeliveryReason | null;
  code: string | null;
  detail: string | null;
  at: Date;
}

const steps = ["sent", "delivered", "seen", "clicked"] as const;

/**
 * What there is to tell of a row that went from one state to another. What was clicked was seen and delivered, and each is
 * told; what failed had been sent or never was.
 */
export function eventsBetween(before: DeliveryState | undefined, state: DeliveryState): WebhookEvent[] {
  if (state === "failed") return before === "failed" ? [] : ["message.failed"];
  const reached = steps.indexOf(state as (typeof steps)[number]);
  const from =
    before === undefined || before === "waiting" ? -1 : Math.max(0, steps.indexOf(before as never));
  return steps.slice(from + 1, reached + 1).map((step) => `message.${step}` as const);
}

const messageEvents: readonly WebhookEvent[] = [
  ...steps.map((step) => `message.${step}` as const),
  "message.failed",
];

/** Tells webhooks what became of rows, in the transaction in which it did. */
export async function tellOfDeliveries(tx: Queryable, rows: readonly Told[]): Promise<void> {
  for (const appKey of new Set(rows.map((row) => row.appKey))) {
    const wanted = new Set<WebhookEvent>();
    for (const event of messageEvents) if (await isWanted(tx, appKey, event)) wanted.add(event);
    if (wanted.size === 0) continue;
    const happenings = rows
      .filter((row) => row.appKey === appKey)
      .flatMap((row) => {
        const events = eventsBetween(row.before, row.state).filter((event) => wanted.has(event));
        if (events.length === 0) return [];
        const { userKey, at } = row;
        const installationKey = row.installationKey === nilUuid ? null : row.installationKey;
        return events.map((event) => ({
          appKey,
          event,
          at,
          userKey,
          installationKey,
          data: dataOf(row, event),
        }));
      });
    await tell(tx, happenings);
  }
}

function dataOf(row: Told, event: WebhookEvent): Record<string, unknown> {
  const { messageId, step, variant, reason, code, detail } = row;
  const data = { messageId, deliveryId: referenceOf(row), step, variant };
  return event === "message.failed" ? { ...data, reason, code, detail } : data;
}
