import type { Logger } from "pino";
import type { Outside } from "../channels/provider.ts";
import type { Registry } from "../channels/registry.ts";
import type { ProviderChannel } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { listen } from "../db/notify.ts";
import { accountsChannel, announceAccount } from "./announce.ts";
import { wholeConfig } from "./config.ts";
import { type Closed, type LiveAccount, type OpenAccount, openLiveAccount } from "./live-account.ts";
import { type AccountRow, listActiveAccounts, pauseAccount } from "./queries.ts";
import { SealedError } from "./secrets.ts";

export type { OpenAccount, SendOutcome } from "./live-account.ts";

/** What messages leave through: finds the account of a channel and keeps to what it can take. */
export interface Gate {
  /** The account that serves this channel of an app now: the active one of lowest priority. Follows changes within a second. */
  route(appKey: number, channel: ProviderChannel): Promise<Route>;
  /** Waits for what is under way and closes all connections. */
  stop(): Promise<void>;
}

/**
 * - `none`: there is no account, or all are switched off.
 * - `closed`: it takes nothing: `until` a moment when it rests, null when it is misconfigured.
 * - `open`: it takes messages.
 */
type Route = { kind: "none" } | ({ kind: "closed" } & Closed) | { kind: "open"; account: OpenAccount };

const refreshEveryMs = 1_000;

export function openGate(parts: {
  db: Database;
  secretKey: string;
  providers: Registry;
  outside: Outside;
  logger: Logger;
}): Gate {
  const { db, logger } = parts;
  /** Of the apps that were asked for, the first account of each channel. */
  let routes = new Map<number, Map<ProviderChannel, AccountRow>>();
  const known = new Set<number>();
  /** Accounts that were opened, or why they could not be. */
  const live = new Map<number, LiveAccount | { revision: number; fault: string }>();
  const closing = new Set<Promise<void>>();
  let isStopped = false;

  async function read(): Promise<void> {
    const rows = await listActiveAccounts(db, [...known]);
    const next = new Map([...known].map((appKey) => [appKey, new Map<ProviderChannel, AccountRow>()]));
    const byKey = new Map(rows.map((row) => [row.accountKey, row]));
    for (const row of rows) {
      const channels = next.get(row.appKey);
      if (channels && !channels.has(row.channel)) channels.set(row.channel, row);
    }
    routes = next;
    for (const [accountKey, account] of live) {
      const row = byKey.get(accountKey);
      if (row?.revision !== account.revision) retire(accountKey, account);
      else if ("open" in account) account.follow(row);
    }
  }

  function retire(accountKey: number, account: LiveAccount | { fault: string }): void {
    live.delete(accountKey);
    if (!("open" in account)) return;
    const closed = account
      .close()
      .catch((error) => logger.warn({ err: error }, "an account was not closed as it should be"))
      .finally(() => closing.delete(closed));
    closing.add(closed);
  }

  // One reading at a time: an older answer must not come after a newer one.
  let current: Promise<void> = Promise.resolve();
  let queued: Promise<void> | null = null;
  function refresh(): Promise<void> {
    queued ??= current
      .catch(() => {})
      .then(() => {
        queued = null;
        current = read();
        return current;
      });
    return queued;
  }

  function refreshLater(): void {
    if (known.size === 0 || isStopped) return;
    refresh().catch((error) => logger.warn({ err: error }, "accounts of providers could not be read"));
  }

  const hints = listen(db, accountsChannel, (appKey) => {
    if (appKey === "" || known.has(Number(appKey))) refreshLater();
  });
  const timer = setInterval(() => {
    refreshLater();
    for (const account of live.values())
      if ("open" in account)
        account
          .writeHealth(Date.now())
          .catch((error) => logger.warn({ err: error }, "the health of an account could not be written"));
  }, refreshEveryMs);

  function open(row: AccountRow): LiveAccount | { revision: number; fault: string } {
    const { revision } = row;
    const provider = parts.providers.find(row.provider);
    if (!provider) return { revision, fault: `There is no provider ${row.provider} in this version.` };
    try {
      const config = provider.config.safeParse(wholeConfig(parts.secretKey, row));
      if (!config.success) {
        const issue = config.error.issues[0];
        return {
          revision,
          fault: `config/${issue?.path.join("/")}: ${issue?.message}; save the account again.`,
        };
      }
      const sender = provider.open(config.data, parts.outside, { connections: row.concurrency });
      return openLiveAccount({ row, provider, config: config.data, sender, db, logger });
    } catch (error) {
      if (error instanceof SealedError) return { revision, fault: error.message };
      logger.error({ err: error, accountId: row.accountId }, "an account could not be opened");
      return { revision, fault: "The account could not be opened; the log of the worker has the details." };
    }
  }

  /** So that whoever set it up sees it too. */
  function tell(row: AccountRow, fault: string): void {
    const written = db
      .transaction(async (tx) => {
        if (await pauseAccount(tx, row, fault)) await announceAccount(tx, row);
      })
      .catch((error) => logger.warn({ err: error }, "the pause of an account could not be written"))
      .finally(() => closing.delete(written));
    closing.add(written);
    logger.warn({ accountId: row.accountId, detail: fault }, "an account cannot be opened");
  }

  return {
    async route(appKey, channel) {
      if (!routes.has(appKey)) {
        known.add(appKey);
        await refresh();
      }
      const row = routes.get(appKey)?.get(channel);
      if (!row) return { kind: "none" };
      let account = live.get(row.accountKey);
      if (!account) {
        if (isStopped) return { kind: "closed", until: null, detail: "The gate was stopped." };
        account = open(row);
        live.set(row.accountKey, account);
        if ("fault" in account) tell(row, account.fault);
      }
      if (!("open" in account)) return { kind: "closed", until: null, detail: account.fault };
      const closed = account.closedAt(Date.now());
      return closed ? { kind: "closed", ...closed } : { kind: "open", account: account.open };
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      hints.stop();
      await current.catch(() => {});
      for (const [accountKey, account] of live) retire(accountKey, account);
      await Promise.all(closing);
    },
  };
}
