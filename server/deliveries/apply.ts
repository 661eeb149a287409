import type { Transaction } from "../db/database.ts";
import { CountChanges, sharedSlot, writeCounts } from "./counters.ts";
import {
  deleteParked,
  findByProviderIds,
  insertParked,
  listParked,
  type ParkedReceipt,
  takeParked,
} from "./parked.ts";
import { type DeliveryUpdate, type LockedDelivery, lockDeliveries, updateDeliveries } from "./queries.ts";
import type { DeliveryKey } from "./reference.ts";
import { advance, type ReceiptState } from "./states.ts";
import { type Told, tellOfDeliveries } from "./tell.ts";

/** Whom a receipt speaks of: a device of somebody, a delivery, or what a provider calls one. */
export type ReceiptSubject =
  | { messageId: string; installationKey: string; userKeys: readonly string[] }
  | DeliveryKey
  | { accountKey: number; providerHash: string };

/** A later word about a delivery, as a device or a provider reported it. */
export interface Receipt {
  appKey: number;
  subject: ReceiptSubject;
  state: ReceiptState | "dismissed";
  at: Date;
  /** The provider's word and sentence for why it failed. */
  code: string | null;
  detail: string | null;
}

/** What came of receipts: messages whose counts changed, and the rows by the receipt that found them. */
export interface Applied {
  changed: { appKey: number; messageId: string }[];
  found: Map<Receipt, LockedDelivery>;
}

/**
 * Applies receipts in bulk: rows and counters change together. Repeated ones change nothing. Those of providers that
 * speak of no row yet are parked, and applied when it is written; those of devices are dropped. `slot` is the row of the
 * counters to write to.
 */
export async function applyReceipts(
  tx: Transaction,
  receipts: readonly Receipt[],
  now: Date,
  slot = sharedSlot,
): Promise<Applied> {
  const changes = new CountChanges();
  const applied = await advanceRows(tx, receipts, changes, now);
  const early = receipts.filter((receipt) => isOfProvider(receipt.subject) && !applied.found.has(receipt));
  await insertParked(tx, early.map(toParked), now);
  await writeCounts(tx, slot, changes, now);
  return applied;
}

/** Applies what was parked under these keys to rows that were just written, in their own transaction. */
export async function applyParked(
  tx: Transaction,
  parkKeys: readonly string[],
  changes: CountChanges,
  now: Date,
): Promise<void> {
  const parked = await takeParked(tx, parkKeys);
  if (parked.length > 0) await advanceRows(tx, parked.map(fromParked), changes, now);
}

/**
 * Tries parked receipts again: one may have come between the look for it and the commit of its row.
 */
export async function applyLateParked(
  tx: Transaction,
  span: { since: Date; before: Date },
  now: Date,
): Promise<Applied> {
  const parked = await listParked(tx, { ...span, limit: 1_000 });
  const changes = new CountChanges();
  const receipts = parked.map(fromParked);
  const applied = await advanceRows(tx, receipts, changes, now);
  const done = parked.filter((_, index) => applied.found.has(receipts[index] as Receipt));
  await deleteParked(
    tx,
    done.map(({ receiptId }) => receiptId),
  );
  await writeCounts(tx, sharedSlot, changes, now);
  return applied;
}

const isOfProvider = (subject: ReceiptSubject) => !("installationKey" in subject);

/** Moves the rows that receipts speak of, and gathers how the counts change. */
async function advanceRows(
  tx: Transaction,
  receipts: readonly Receipt[],
  changes: CountChanges,
  now: Date,
): Promise<Applied> {
  const applied: Applied = { changed: [], found: new Map() };
  const wanted = await wantedRows(tx, receipts);
  if (wanted.length === 0) return applied;
  const rows = await lockDeliveries(tx, wanted);
  const updates = new Map<string, DeliveryUpdate>();
  const before = new Map<string, LockedDelivery>();
  // In the order of the receipts, whatever the order of the rows: what is said twice counts as it was said first.
  for (const row of [...rows].sort((a, b) => a.position - b.position)) {
    const receipt = wanted[row.position - 1]?.receipt;
    if (!receipt) continue;
    applied.found.set(receipt, row);
    const key = `${row.messageId}/${row.userKey}/${row.deliveryId}`;
    before.set(key, before.get(key) ?? row);
    const update = updates.get(key) ?? unchanged(row);
    updates.set(key, withReceipt(update, receipt, clamp(receipt.at, row.createdAt, now)));
  }
  await updateDeliveries(tx, [...updates.values()]);
  const changed = new Map<string, { appKey: number; messageId: string }>();
  const told: Told[] = [];
  for (const [key, update] of updates) {
    const row = before.get(key);
    if (!row || row.state === update.state) continue;
    changes.move(row, update);
    changed.set(row.messageId, { appKey: row.appKey, messageId: row.messageId });
    const at = update.clickedAt ?? update.seenAt ?? update.deliveredAt ?? update.sentAt ?? now;
    told.push({ ...row, ...update, before: row.state, at });
  }
  await tellOfDeliveries(tx, told);
  applied.changed = [...changed.values()];
  return applied;
}

interface Wanted {
  receipt: Receipt;
  appKey: number;
  messageId: string;
  userKey: string;
  deliveryId: string | null;
  installationKey: string | null;
}

async function wantedRows(tx: Transaction, receipts: readonly Receipt[]): Promise<Wanted[]> {
  const byProvider = receipts.flatMap(({ subject }) => ("providerHash" in subject ? [subject] : []));
  const named = await findByProviderIds(tx, byProvider);
  return receipts.flatMap((receipt): Wanted[] => {
    const { appKey, subject } = receipt;
    if ("installationKey" in subject) {
      const { messageId, installationKey, userKeys } = subject;
      return userKeys.map((userKey) => ({
        ...{ receipt, appKey, messageId, userKey, installationKey, deliveryId: null },
      }));
    }
    const keys =
      "providerHash" in subject
        ? (named.get(`${subject.accountKey}/${subject.providerHash}`) ?? [])
        : [subject];
    return keys.map((key) => ({ receipt, appKey, ...key, installationKey: null }));
  });
}

function unchanged(row: LockedDelivery): DeliveryUpdate {
  const { messageId, variant, userKey, deliveryId, state, reason, code } = row;
  return {
    ...{ messageId, variant, userKey, deliveryId, state, reason, code, detail: null },
    ...{ dismissed: false, sentAt: null, deliveredAt: null, seenAt: null, clickedAt: null },
  };
}

/** What was seen was delivered, what was clicked was seen: a report that got lost is made up for by a later one. */
function withReceipt(update: DeliveryUpdate, receipt: Receipt, at: Date): DeliveryUpdate {
  if (receipt.state === "dismissed")
    return { ...withReceipt(update, { ...receipt, state: "delivered" }, at), dismissed: true };
  const state = advance(update.state, receipt.state);
  const reached = (step: ReceiptState[]) => step.includes(receipt.state as ReceiptState);
  return {
    ...update,
    state,
    ...why(update, state, receipt),
    sentAt: update.sentAt ?? (receipt.state === "failed" ? null : at),
    deliveredAt: update.deliveredAt ?? (reached(["delivered", "seen", "clicked"]) ? at : null),
    seenAt: update.seenAt ?? (reached(["seen", "clicked"]) ? at : null),
    clickedAt: update.clickedAt ?? (reached(["clicked"]) ? at : null),
  };
}

/** The reason of the state: only ends without success have one. */
function why(
  update: DeliveryUpdate,
  state: DeliveryUpdate["state"],
  receipt: Receipt,
): Pick<DeliveryUpdate, "reason" | "code" | "detail"> {
  if (state === update.state) return update;
  if (state === "failed") return { reason: "undelivered", code: receipt.code, detail: receipt.detail };
  return { reason: null, code: null, detail: null };
}

/** A device's clock may be wrong; nothing happens before the delivery was made, or in the future. */
const clamp = (at: Date, from: Date, to: Date) => (at < from ? from : at > to ? to : at);

function toParked({ appKey, subject, state, at, code, detail }: Receipt): Omit<ParkedReceipt, "receiptId"> {
  const named =
    "providerHash" in subject
      ? { messageId: null, userKey: null, accountKey: subject.accountKey, parkKey: subject.providerHash }
      : {
          ...{
            messageId: subject.messageId,
            userKey: "userKey" in subject ? subject.userKey : null,
            accountKey: null,
          },
          parkKey: "deliveryId" in subject ? subject.deliveryId : "",
        };
  return { appKey, ...named, state, at, code, detail };
}

function fromParked(parked: ParkedReceipt): Receipt {
  const { appKey, messageId, userKey, accountKey, parkKey, state, at, code, detail } = parked;
  const subject =
    accountKey === null
      ? { messageId: messageId ?? "", userKey: userKey ?? "", deliveryId: parkKey }
      : { accountKey, providerHash: parkKey };
  return { appKey, subject, state, at, code, detail };
}
