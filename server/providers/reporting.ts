import type { Provider } from "../channels/provider.ts";
import type { ProviderChannel } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { listen } from "../db/notify.ts";
import type { AccountParts } from "./accounts.ts";
import { accountsChannel } from "./announce.ts";
import { openConfig } from "./open-config.ts";
import { findByReceiptsKey } from "./queries.ts";

/** An account as its reports need it. */
export interface ReportingAccount {
  appKey: number;
  accountKey: number;
  accountId: string;
  channel: ProviderChannel;
  provider: Provider;
  /** As `provider.parseReceipts` takes it. */
  config: unknown;
}

/** The account whose address of receipts ends with this key; null when there is none that can be opened. */
export async function findAccountByReceiptsKey(
  parts: Omit<AccountParts, "outside">,
  provider: string,
  receiptsKey: string,
): Promise<ReportingAccount | null> {
  const row = await findByReceiptsKey(parts.db, provider, receiptsKey);
  const opened = row ? openConfig(parts, row) : null;
  if (!row || !opened?.ok) return null;
  const { appKey, accountKey, accountId, channel } = row;
  return { appKey, accountKey, accountId, channel, provider: opened.provider, config: opened.config };
}

/** Accounts that reports come for, thousands a second: each is looked up once and opened once. */
export interface ReportingAccounts {
  find(provider: string, receiptsKey: string): Promise<ReportingAccount | null>;
  stop(): void;
}

/** A change is heard of at once; this long it lasts where that got lost. */
const keptForMs = 10_000;
const mostKept = 1_000;

export function rememberReportingAccounts(
  parts: Omit<AccountParts, "outside"> & { db: Database },
): ReportingAccounts {
  const kept = new Map<string, { account: Promise<ReportingAccount | null>; untilMs: number }>();
  const changes = listen(parts.db, accountsChannel, () => kept.clear());
  return {
    find(provider, receiptsKey) {
      const name = `${provider}/${receiptsKey}`;
      const known = kept.get(name);
      if (known && known.untilMs > Date.now()) return known.account;
      const account = findAccountByReceiptsKey(parts, provider, receiptsKey);
      if (kept.size >= mostKept) kept.clear();
      kept.set(name, { account, untilMs: Date.now() + keptForMs });
      // Whoever guesses addresses fills no memory, and a failure is not kept.
      const forget = () => kept.delete(name);
      account.then((found) => found === null && forget(), forget);
      return account;
    },
    stop: () => changes.stop(),
  };
}
