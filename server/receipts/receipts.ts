import type { ProviderReceipt } from "../channels/provider.ts";
import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { applyReceipts, type FoundDelivery, type Receipt, type ReceiptSubject } from "../deliveries/apply.ts";
import { readReference } from "../deliveries/reference.ts";
import { createGroup } from "../lib/group.ts";
import { providerHash } from "../lib/keys.ts";

/** What a provider's account is known by here. */
interface ReportingAccount {
  appKey: number;
  accountKey: number;
}

/** Receipts that are applied in one transaction, and transactions at a time. */
const groupOf = 20;
const lanes = 2;

/** Somebody whose address a receipt calls dead. */
interface DeadRecipient {
  appKey: number;
  messageId: string;
  userKey: string;
  installationKey: string;
  step: number;
  detail: string | null;
}

/** Forgets or suppresses addresses that are dead, in the transaction of the receipts that say so. */
export type Bury = (
  tx: Parameters<typeof applyReceipts>[0],
  dead: readonly DeadRecipient[],
  now: Date,
) => Promise<void>;

/** Takes verified receipts; they are applied, or parked until their row is there, when the promise resolves. */
export type TakeReceipts = (account: ReportingAccount, receipts: readonly ProviderReceipt[]) => Promise<void>;

export function createReceipts({ db, bury }: { db: Database; bury: Bury }): TakeReceipts {
  interface Call {
    account: ReportingAccount;
    receipts: readonly ProviderReceipt[];
  }
  const applied = createGroup<Call, void>(
    async (calls) => {
      await db.transaction(async (tx) => {
        const now = new Date();
        const pairs = calls.flatMap(({ account, receipts }) =>
          receipts.flatMap((said) => {
            const receipt = toReceipt(account, said, now);
            return receipt ? [{ receipt, said }] : [];
          }),
        );
        const { changed, found } = await applyReceipts(
          tx,
          pairs.map(({ receipt }) => receipt),
          now,
        );
        const dead = pairs.flatMap(({ receipt, said }) => {
          const row = said.isGone ? found.get(receipt) : undefined;
          return row ? [toDead(row, said)] : [];
        });
        if (dead.length > 0) await bury(tx, dead, now);
        for (const { appKey, messageId } of changed.slice(0, 3))
          await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
      });
      return calls.map(() => undefined);
    },
    { atMost: groupOf, lanes },
  );
  return (account, receipts) => applied({ account, receipts });
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
  return { appKey, subject, state, at: at ?? now, code, detail };
}

function subjectOf(accountKey: number, subject: ProviderReceipt["subject"]): ReceiptSubject | null {
  if ("providerId" in subject)
    return { accountKey, providerHash: providerHash(accountKey, subject.providerId) };
  return readReference(subject.deliveryId);
}

const toDead = (row: FoundDelivery, said: ProviderReceipt): DeadRecipient => ({
  ...{ appKey: row.appKey, messageId: row.messageId, userKey: row.userKey },
  ...{ installationKey: row.installationKey, step: row.step, detail: said.detail },
});
