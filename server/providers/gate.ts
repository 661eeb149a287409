import type { Logger } from "pino";
import type { Outside } from "../channels/provider.ts";
import type { Registry } from "../channels/registry.ts";
import { type ProviderChannel, PushService } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { listen } from "../db/notify.ts";
import { accountsChannel, announceAccount } from "./announce.ts";
import { receiptsUrlOf } from "./config.ts";
import { type Closed, type LiveAccount, type OpenAccount, openLiveAccount } from "./live-account.ts";
import { openConfig } from "./open-config.ts";
import { type AccountRow, listAccountsOfApps, pauseAccount } from "./queries.ts";

export type { OpenAccount, SendOutcome } from "./live-account.ts";

/** What messages leave through: finds the account of a channel and keeps to what it can take. */
export interface Gate {
  /**
   * The account that serves this channel of an app now, and for push the tokens of a service: the active one of lowest
   * priority. While it is paused, fails or rests for long, the next one that can. Follows changes within a second.
   */
  route(appKey: number, channel: ProviderChannel, tokenService: PushService | null): Promise<Route>;
  /** Whether pushes of an app go by different accounts, each with the tokens that it takes. */
  isDivided(appKey: number): Promise<boolean>;
  /** Whose push tokens somebody of an app takes: its active accounts, be they paused or not. */
  listTokenServices(appKey: number): Promise<readonly PushService[]>;
  /** Waits for what is under way and closes all connections. */
  stop(): Promise<void>;
}

/**
 * - `none`: there is no account that takes it.
 * - `off`: all that take it are switched off.
 * - `closed`: it takes nothing: `until` a moment when it rests, null when it is misconfigured.
 * - `open`: it takes messages.
 */
export type Route =
  | { kind: "none" | "off" }
  | ({ kind: "closed" } & Closed)
  | { kind: "open"; account: OpenAccount };

const refreshEveryMs = 1_000;

export function openGate(parts: {
  db: Database;
  secretKey: string;
  providers: Registry;
  outside: Outside;
  logger: Logger;
}): Gate {
  const { db, logger } = parts;
  /** Of the apps that were asked for, the accounts of each channel in the order in which they are used. */
  let routes = new Map<number, Map<ProviderChannel, AccountRow[]>>();
  const known = new Set<number>();
  /** Accounts that were opened, or why they could not be. */
  const live = new Map<number, LiveAccount | { revision: number; fault: string }>();
  const closing = new Set<Promise<void>>();
  let isStopped = false;

  async function read(): Promise<void> {
    const rows = await listAccountsOfApps(db, [...known]);
    const next = new Map([...known].map((appKey) => [appKey, new Map<ProviderChannel, AccountRow[]>()]));
    const byKey = new Map(rows.filter(({ isActive }) => isActive).map((row) => [row.accountKey, row]));
    for (const row of rows) {
      const channels = next.get(row.appKey);
      const accounts = channels?.get(row.channel);
      if (accounts) accounts.push(row);
      else channels?.set(row.channel, [row]);
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
    try {
      const opened = openConfig(parts, row);
      if (!opened.ok) return { revision, fault: opened.detail };
      const { provider, config } = opened;
      const sender = provider.open(config, parts.outside, {
        ...{ connections: row.concurrency, receiptsUrl: receiptsUrlOf(row, parts.outside) },
      });
      return openLiveAccount({ row, provider, config, sender, db, logger });
    } catch (error) {
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

  async function accountsOf(appKey: number, channel: ProviderChannel): Promise<readonly AccountRow[]> {
    if (!routes.has(appKey)) {
      known.add(appKey);
      await refresh();
    }
    return routes.get(appKey)?.get(channel) ?? [];
  }

  function takes({ provider }: AccountRow, tokenService: PushService | null): boolean {
    const services = parts.providers.find(provider)?.tokenServices;
    return !services || (tokenService !== null && services.includes(tokenService));
  }

  /** The account of a row, opened if it was not yet; or why it takes nothing. */
  function find(row: AccountRow, nowMs: number): OpenAccount | Closed {
    let account = live.get(row.accountKey);
    if (!account) {
      if (isStopped) return { until: null, detail: "The gate was stopped.", isOutage: false };
      account = open(row);
      live.set(row.accountKey, account);
      if ("fault" in account) tell(row, account.fault);
    }
    if (!("open" in account)) return { until: null, detail: account.fault, isOutage: true };
    return account.closedAt(nowMs) ?? account.open;
  }

  return {
    async route(appKey, channel, tokenService) {
      const takers = (await accountsOf(appKey, channel)).filter((row) => takes(row, tokenService));
      if (takers.length === 0) return { kind: "none" };
      const nowMs = Date.now();
      let soonest: Closed | null = null;
      for (const row of takers.filter(({ isActive }) => isActive)) {
        const found = find(row, nowMs);
        if ("send" in found) return { kind: "open", account: found };
        soonest = sooner(soonest, found);
        // What an account is only too busy for waits for it.
        if (!found.isOutage) break;
      }
      return soonest ? { kind: "closed", ...soonest } : { kind: "off" };
    },
    async listTokenServices(appKey) {
      const active = (await accountsOf(appKey, "push")).filter(({ isActive }) => isActive);
      return PushService.options.filter((service) => active.some((row) => takes(row, service)));
    },
    async isDivided(appKey) {
      const accounts = await accountsOf(appKey, "push");
      return accounts.some(({ provider }) => parts.providers.find(provider)?.tokenServices);
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

function sooner(one: Closed | null, other: Closed): Closed {
  if (one === null || one.until === null) return other.until === null ? (one ?? other) : other;
  return other.until !== null && other.until < one.until ? other : one;
}
