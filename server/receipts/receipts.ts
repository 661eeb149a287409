import { v7 as uuidv7 } from "uuid";
import type { ProviderReceipt, ProviderWish, TemplateNews, WhatsappIdentity } from "../channels/provider.ts";
import type { ProviderChannel } from "../channels/schema.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { Hints } from "../db/notify.ts";
import { type Applied, applyReceipts, type Receipt, type ReceiptSubject } from "../deliveries/apply.ts";
import { readReference } from "../deliveries/reference.ts";
import { createGroup } from "../lib/group.ts";
import { nilUuid, providerHash } from "../lib/keys.ts";
import { storable } from "../lib/storable.ts";
import { noteTemplateNews } from "../providers/templates.ts";
import { forgetReports, insertReports, listLeftReports, type StoredReport, takeReports } from "./queries.ts";

/** What a provider's account is known by here. */
export interface ReportingAccount {
  appKey: number;
  accountKey: number;
  channel: ProviderChannel;
}

/** Reports that are stored by one statement, while they come thick; and statements at a time. */
const storedTogether = 200;
const storingLanes = 2;
/** A statement of one costs about as much as one of ten, and services wait longer for an answer than this. */
const storingGatherMs = 2;
/** Reports that are applied in one transaction, and transactions at a time. */
const appliedTogether = 500;
const applyingLanes = 2;
/** Nobody waits for it any more: as long as nobody who looks would notice. */
const applyingGatherMs = 50;
/** With so many to be applied, whoever brings more waits until his are. */
const mostAhead = 20_000;
/** What is left for so long was left by a process that died. */
const leftForMs = 5_000;
const lookEveryMs = 2_000;
const failedRestMs = 30_000;
const keptForMs = 7 * 86_400_000;

/** What a report says of whom a message was for: the address is dead, the person left, or nobody was there for now. */
export interface ToldRecipient {
  what: "gone" | "left" | "unreached";
  channel: ProviderChannel;
  appKey: number;
  userKey: string;
  /** The nil uuid where it is not for a device. */
  installationKey: string;
  deliveryId: string;
  detail: string | null;
}

/** Does as reports say about people and their addresses, in the transaction of the receipts. */
export interface Heed {
  told(tx: Transaction, recipients: readonly ToldRecipient[], now: Date): Promise<void>;
  wishes(
    tx: Transaction,
    account: { appKey: number; channel: ProviderChannel },
    wishes: readonly ProviderWish[],
    now: Date,
  ): Promise<void>;
  people(tx: Transaction, appKey: number, people: readonly WhatsappIdentity[], now: Date): Promise<void>;
}

/** What one report says. */
export interface Report {
  receipts: readonly ProviderReceipt[];
  wishes: readonly ProviderWish[];
  people: readonly WhatsappIdentity[];
  templates: readonly TemplateNews[];
}

/** Where verified reports are taken. */
export interface Receipts {
  /**
   * Takes a report: it is durable when the promise resolves, so that the provider can be answered. It is applied in
   * bulk soon after, or parked until its row is there; what a crash leaves is applied by the next who looks.
   */
  take(account: ReportingAccount, report: Report): Promise<void>;
  /** Applies what was taken. */
  stop(): Promise<void>;
}

export function createReceipts({
  db,
  heed,
  hints,
  onError,
}: {
  db: Database;
  heed: Heed;
  hints: Hints;
  onError: (error: unknown) => void;
}): Receipts {
  const stored = createGroup<StoredReport, void>(
    async (reports) => {
      await insertReports(db, reports, new Date());
      return reports.map(() => undefined);
    },
    { atMost: storedTogether, lanes: storingLanes, gatherMs: storingGatherMs },
  );
  const applyIn =
    (firstSlot: number) =>
    async (reports: readonly StoredReport[], lane: number): Promise<undefined[]> => {
      const changed = await db.transaction(async (tx) => {
        const now = new Date();
        const taken = await takeReports(
          tx,
          reports.map(({ reportId }) => reportId),
        );
        const calls = reports.filter(({ reportId }) => taken.has(reportId));
        const changed = await applyAll(tx, calls, { slot: slotOf(firstSlot + lane), now });
        for (const { account, report } of calls)
          await noteTemplateNews(tx, account.accountKey, report.templates);
        for (const [account, ofAccount] of byAccount(calls)) {
          const wishes = ofAccount.flatMap((report) => report.wishes);
          if (wishes.length > 0) await heed.wishes(tx, account, wishes, now);
          const people = ofAccount.flatMap((report) => report.people);
          if (people.length > 0) await heed.people(tx, account.appKey, people, now);
        }
        return changed;
      });
      for (const { appKey, messageId } of changed)
        hints.give("chapar_changes", `${appKey}:message:${messageId}`);
      return reports.map(() => undefined);
    };
  const together = { atMost: appliedTogether, gatherMs: applyingGatherMs };
  // Whatever is said of a message, only the furthest counts; of a person the last.
  const inAnyOrder = createGroup(applyIn(0), { ...together, lanes: applyingLanes });
  const inTurn = createGroup(applyIn(applyingLanes), { ...together, lanes: 1 });
  const ahead = new Map<string, Promise<unknown>>();
  // Those that failed, by when they are tried again: they keep no others from being looked at.
  const failed = new Map<string, number>();
  const apply = (report: StoredReport): Promise<unknown> => {
    // One that fails stays where it is stored, and is tried again.
    const work = (isOfPeople(report) ? inTurn(report) : inAnyOrder(report))
      .catch((error) => {
        failed.set(report.reportId, Date.now() + failedRestMs);
        onError(error);
      })
      .finally(() => ahead.delete(report.reportId));
    ahead.set(report.reportId, work);
    return work;
  };
  const applyLeft = async (before: Date) => {
    for (const [reportId, until] of failed) if (until <= Date.now()) failed.delete(reportId);
    const page = { before, without: [...failed.keys()], limit: appliedTogether };
    const left = await listLeftReports(db, page);
    await Promise.all(left.filter(({ reportId }) => !ahead.has(reportId)).map(apply));
    return left.length;
  };
  // What an earlier process left comes before what is told from now on.
  const applyEarlier = async () => {
    const begun = new Date();
    await forgetReports(db, new Date(begun.getTime() - keptForMs));
    while ((await applyLeft(begun)) === appliedTogether);
  };
  const earlier = applyEarlier().catch(onError);
  let looking: Promise<unknown> = earlier;
  const timer = setInterval(() => {
    looking = looking.then(() => applyLeft(new Date(Date.now() - leftForMs))).catch(onError);
  }, lookEveryMs);
  return {
    async take(account, report) {
      const { appKey, accountKey, channel } = account;
      const named = { reportId: uuidv7(), account: { appKey, accountKey, channel }, report };
      await earlier;
      await stored(named);
      const work = apply(named);
      if (ahead.size > mostAhead) await work;
    },
    async stop() {
      clearInterval(timer);
      await looking;
      await Promise.all(ahead.values());
    },
  };

  async function applyAll(
    tx: Transaction,
    calls: readonly StoredReport[],
    { slot, now }: { slot: number; now: Date },
  ): Promise<Applied["changed"]> {
    const pairs = calls.flatMap(({ account, report }) =>
      report.receipts.flatMap((said) => {
        const receipt = toReceipt(account, said, now);
        return receipt ? [{ account, receipt, said }] : [];
      }),
    );
    if (pairs.length === 0) return [];
    const { changed, found } = await applyReceipts(
      tx,
      pairs.map(({ receipt }) => receipt),
      now,
      slot,
    );
    const told = pairs.flatMap(({ account, receipt, said }): ToldRecipient[] => {
      const what = said.isGone ? "gone" : said.hasLeft ? "left" : said.isUnreachable ? "unreached" : null;
      if (!what) return [];
      const { subject } = receipt;
      // Whoever a delivery is for stands in its name too, before there is a row.
      const early = "deliveryId" in subject ? { ...subject, installationKey: nilUuid } : null;
      const row = found.get(receipt) ?? early;
      if (!row) return [];
      const { userKey, installationKey, deliveryId } = row;
      const { appKey, channel } = account;
      return [{ what, channel, appKey, userKey, installationKey, deliveryId, detail: receipt.detail }];
    });
    if (told.length > 0) await heed.told(tx, told, now);
    return changed;
  }
}

/** Whether a report says what somebody wants, or anything else of which the last word counts. */
const isOfPeople = ({ report: { receipts, wishes, people, templates } }: StoredReport): boolean =>
  wishes.length > 0 ||
  people.length > 0 ||
  templates.length > 0 ||
  receipts.some(({ hasLeft }) => hasLeft === true);

/** Rows of the counters that no worker writes to: two transactions at once do not wait for each other. */
const slotOf = (lane: number): number => -1 - lane;

function byAccount<C extends { account: ReportingAccount; report: Report }>(
  calls: readonly C[],
): Map<ReportingAccount, Report[]> {
  const reports = new Map<number, { account: ReportingAccount; reports: Report[] }>();
  for (const { account, report } of calls) {
    if (report.wishes.length === 0 && report.people.length === 0) continue;
    const known = reports.get(account.accountKey) ?? { account, reports: [] };
    known.reports.push(report);
    reports.set(account.accountKey, known);
  }
  return new Map([...reports.values()].map(({ account, reports }) => [account, reports]));
}

/** Null for one that names nothing of ours: there is no row that it could find later. */
function toReceipt(
  { appKey, accountKey }: ReportingAccount,
  said: ProviderReceipt,
  now: Date,
): Receipt | null {
  const subject = subjectOf(accountKey, said.subject);
  if (!subject) return null;
  const { state, at, code, detail } = said;
  const stored = (text: string | null) => text && storable(text);
  return { appKey, subject, state, at: credible(at, now), code: stored(code), detail: stored(detail) };
}

/** A time that is none of ours is kept neither: some are none of the database's. */
const credible = (at: Date | null, now: Date): Date => (at && at.getTime() > 0 && at < now ? at : now);

function subjectOf(accountKey: number, subject: ProviderReceipt["subject"]): ReceiptSubject | null {
  if ("providerId" in subject)
    return { accountKey, providerHash: providerHash(accountKey, subject.providerId) };
  return readReference(subject.deliveryId);
}
