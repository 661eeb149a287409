import type { Logger } from "pino";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import { createHints, notify } from "../db/notify.ts";
import { type Applied, applyReceipts, type Receipt } from "../deliveries/apply.ts";
import { sharedSlot } from "../deliveries/counters.ts";
import { type Deed, recordEngagements } from "../deliveries/engagements.ts";
import { findAllOwners } from "../installations/installations.ts";
import { trustPresence } from "../installations/presence.ts";
import { installationKey } from "../lib/keys.ts";
import type { Acknowledgement } from "./schema.ts";

/** Acknowledgements are gathered for this long, so that a thousand of them are one transaction. */
const gatherMs = 20;
const gatherAtMost = 1_000;
const againMs = 1_000;
/** While the database is away. */
const keptAtMost = 100_000;

/** What a device said of a message. */
export interface Report {
  installationId: string;
  acknowledgement: Acknowledgement;
  receivedAt: Date;
}

interface App {
  appKey: number;
  appId: string;
}

/** Ids of the buttons of messages, by message: the first is action 1. */
export type FindActions = (
  db: Queryable,
  messageIds: readonly string[],
) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Applies what a device of an app reports, and tells panels. Answers how many of these messages it has. */
export async function acknowledge(
  { db, findActions }: { db: Database; findActions: FindActions },
  app: App,
  reports: readonly Report[],
): Promise<number> {
  const { receipts, actions } = await readReports(db, findActions, app, reports);
  return db.transaction(async (tx) => {
    const applied = await applyReports(tx, receipts, actions);
    for (const { messageId } of applied.changed)
      await notify(tx, "chapar_changes", `${app.appKey}:message:${messageId}`);
    return new Set([...applied.found.values()].map(({ messageId }) => messageId)).size;
  });
}

export interface Acknowledgements {
  /** Takes a report; it is applied within a moment, together with others. */
  add(appId: string, report: Report): void;
  /** What was handed to devices when they said hello. */
  apply(receipts: readonly Receipt[]): Promise<void>;
  /** Applies what was taken. */
  stop(): Promise<void>;
}

/** Gathers what devices report over the broker, and applies it in bulk. */
export function gatherAcknowledgements(parts: {
  db: Database;
  findAppKey: (appId: string) => Promise<number | null>;
  findActions: FindActions;
  logger: Logger;
}): Acknowledgements {
  const { db, logger } = parts;
  const panels = createHints(db, (error) =>
    logger.warn({ err: error }, "panels were not told of acknowledgements"),
  );
  let gathered: { appId: string; report: Report }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let applying: Promise<void> = Promise.resolve();

  const tell = ({ changed }: Applied) => {
    for (const { appKey, messageId } of changed)
      panels.give("chapar_changes", `${appKey}:message:${messageId}`);
  };
  const applyAll = async (reports: readonly { appId: string; report: Report }[]): Promise<void> => {
    for (const appId of new Set(reports.map((one) => one.appId))) {
      const appKey = await parts.findAppKey(appId);
      if (appKey === null) continue;
      const app = { appKey, appId };
      const said = reports.filter((one) => one.appId === appId).map(({ report }) => report);
      const { receipts, actions, keys } = await readReports(db, parts.findActions, app, said);
      // What a crash of the database undoes is said again: all devices are greeted anew then.
      tell(await db.quickTransaction((tx) => applyReports(tx, receipts, actions)));
      await trustPresence(db, appKey, keys);
    }
  };
  let isStopping = false;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const reports = gathered;
    gathered = [];
    applying = applying
      .then(async () => {
        while (reports.length > 0) {
          await applyAll(reports.slice(0, gatherAtMost));
          reports.splice(0, gatherAtMost);
        }
      })
      .catch((error) => {
        // The database is away: devices do not say it again before their next hello.
        const kept = isStopping ? 0 : Math.min(reports.length, keptAtMost - gathered.length);
        const lost = reports.length - kept;
        logger.error({ err: error, kept, lost }, "acknowledgements could not be stored yet");
        gathered = [...reports.slice(lost), ...gathered];
        if (kept > 0) timer ??= setTimeout(flush, againMs);
      });
  };

  return {
    add(appId, report) {
      gathered.push({ appId, report });
      if (gathered.length === gatherAtMost) flush();
      else timer ??= setTimeout(flush, gatherMs);
    },
    async apply(receipts) {
      tell(await db.quickTransaction((tx) => applyReceipts(tx, receipts, new Date())));
    },
    async stop() {
      isStopping = true;
      flush();
      await applying;
      await panels.stop();
    },
  };
}

/** Reports as receipts, and which button of the notification each is about, if any. */
async function readReports(
  db: Queryable,
  findActions: FindActions,
  { appKey, appId }: App,
  reports: readonly Report[],
): Promise<{ receipts: Receipt[]; actions: Map<Receipt, number>; keys: string[] }> {
  const keys = reports.map(({ installationId }) => installationKey(appId, installationId));
  const owners = await findAllOwners(db, appKey, [...new Set(keys)]);
  const acted = reports.filter(({ acknowledgement }) => acknowledgement.action !== undefined);
  const buttons =
    acted.length === 0
      ? new Map<string, readonly string[]>()
      : await findActions(db, [...new Set(acted.map(({ acknowledgement }) => acknowledgement.id))]);
  const actions = new Map<Receipt, number>();
  const receipts = reports.map(({ acknowledgement, receivedAt }, index): Receipt => {
    const key = keys[index] ?? "";
    const { id: messageId, state, at, action } = acknowledgement;
    const receipt: Receipt = {
      appKey,
      subject: { messageId, installationKey: key, userKeys: owners.get(key) ?? [] },
      state,
      at: at === undefined ? receivedAt : new Date(at),
      ...{ code: null, detail: null },
    };
    // One that the message has not is noted as none of them.
    if (action !== undefined) actions.set(receipt, (buttons.get(messageId)?.indexOf(action) ?? -1) + 1);
    return receipt;
  });
  return { receipts, actions, keys: [...owners.keys()] };
}

async function applyReports(
  tx: Transaction,
  receipts: readonly Receipt[],
  actions: ReadonlyMap<Receipt, number>,
): Promise<Applied> {
  const applied = await applyReceipts(tx, receipts, new Date());
  const deeds: Deed[] = [];
  for (const [receipt, action] of actions) {
    const row = applied.found.get(receipt);
    if (!row) continue;
    const { messageId, userKey, deliveryId } = row;
    // Link 0 is the notification as a whole: who chose two buttons is one there.
    for (const link of new Set([0, action]))
      deeds.push({ messageId, userKey, deliveryId, what: "acted", link, at: receipt.at });
  }
  await recordEngagements(tx, sharedSlot, deeds);
  return applied;
}
