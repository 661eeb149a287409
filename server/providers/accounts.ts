import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { v4 as uuidv4 } from "uuid";
import { z } from "zod";
import { readAppName } from "../accounts/app-name.ts";
import { changeOf, record } from "../accounts/audit.ts";
import type { Outside, Provider, Sender } from "../channels/provider.ts";
import type { Registry } from "../channels/registry.ts";
import type { Channel, ProviderChannel, PushService } from "../channels/schema.ts";
import type { Database, Queryable } from "../db/database.ts";
import { faultsOfBody } from "../http/problems.ts";
import { didYouMean } from "../lib/did-you-mean.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { escapedPointer } from "../lib/pointer.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import { announceAccount } from "./announce.ts";
import {
  hideSecrets,
  receiptsPathOf,
  receiptsUrlOf,
  revealSecrets,
  splitConfig,
  wholeConfig,
} from "./config.ts";
import { createDnsCheck } from "./dns.ts";
import { openConfig } from "./open-config.ts";
import {
  type AccountRow,
  deleteAccount,
  findAccount,
  findWebPushKey,
  hasActiveAccount,
  insertAccount,
  listAccounts,
  listNames,
  resumeAccount,
  updateAccount,
} from "./queries.ts";
import type {
  CheckAnswer,
  DnsAnswer,
  NewProviderAccount,
  ProviderAccount,
  ProviderAccountChange,
  ProviderKind,
  TestAnswer,
} from "./schema.ts";
import { SealedError, seal } from "./secrets.ts";

/** What the operations on accounts are given. */
export interface AccountParts {
  db: Database;
  secretKey: string;
  providers: Registry;
  outside: Outside;
  /** Servers of the DNS to ask; null for those of the machine. */
  dnsServers?: readonly string[] | null;
}

/** Who asks, and for which app. */
interface Caller {
  appKey: number;
  name: string;
}

/** An account as answers have it, but for the host of its address of receipts. */
export type AnsweredAccount = Omit<ProviderAccount, "receiptsUrl"> & { receiptsPath: string };

/** How long somebody who looked at an account is believed that so many addresses are dead. */
const trustForMs = 24 * 3_600_000;

/** The providers that an account can be made of, each with what it needs. */
export const listKinds = (providers: Registry): ProviderKind[] =>
  providers.all.map((provider) => ({
    provider: provider.name,
    channels: [...provider.channels],
    secrets: [...provider.secrets],
    tokenServices: provider.tokenServices && [...provider.tokenServices],
    makesKeys: provider.makeKeys !== undefined,
    hasTemplates: provider.hasTemplates === true,
    hasDns: provider.dnsRecords !== undefined,
    config: z.toJSONSchema(provider.config, { io: "input", unrepresentable: "any" }) as Record<
      string,
      unknown
    >,
  }));

/** Keys that nobody gives out, made anew for the config of an account. */
export function makeKeys(providers: Registry, name: string): Record<string, string> {
  const keys = providers.find(name)?.makeKeys?.();
  if (keys) return keys;
  throw new Problem("not_found", `There is no provider ${name} that makes its own keys.`);
}

/** A page of accounts, newest first. */
export async function listProviderAccounts(
  parts: AccountParts,
  appKey: number,
  { limit, cursor }: PageQuery,
): Promise<Page<AnsweredAccount>> {
  const before = decodeCursor(cursor, z.tuple([z.int()]))?.[0] ?? null;
  const rows = await listAccounts(parts.db, appKey, { before, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.accountKey]);
  return { ...page, data: page.data.map((row) => answered(parts, row)) };
}

export async function getProviderAccount(
  parts: AccountParts,
  appKey: number,
  id: string,
): Promise<AnsweredAccount> {
  return answered(parts, await findOrProblem(parts.db, appKey, id));
}

/** Makes an account. Throws a validation problem with every fault of its config. */
export async function createProviderAccount(
  parts: AccountParts,
  caller: Caller,
  request: NewProviderAccount,
): Promise<AnsweredAccount> {
  const provider = findProvider(parts.providers, request);
  const { missing } = revealSecrets(provider, request.config, {});
  if (missing.length > 0) throw validationProblem(missing.map(hiddenFault));
  const config = readConfig(provider, request.config);
  const accountId = uuidv4();
  const row = await parts.db.transaction(async (tx) => {
    const made = await insertAccount(tx, {
      ...request,
      ...{ accountId, appKey: caller.appKey, now: new Date() },
      ...sealed(parts, provider, accountId, config.input),
      receiptsKey: randomBytes(32).toString("base64url"),
    });
    await afterChange(tx, caller, made, "provider.created", { before: null, after: audited(made) });
    return made;
  });
  return answered(parts, row);
}

/** Changes an account. With another config it begins anew: what was wrong with the old one is forgotten. */
export async function changeProviderAccount(
  parts: AccountParts,
  caller: Caller,
  id: string,
  change: ProviderAccountChange,
): Promise<AnsweredAccount> {
  const row = await parts.db.transaction(async (tx) => {
    const before = await findOrProblem(tx, caller.appKey, id, { forUpdate: true });
    const settings = { ...before, ...definedOf(change) };
    const changed = await updateAccount(tx, before.accountKey, {
      ...settings,
      ...{ config: before.config, clears: change.config !== undefined, now: new Date() },
      ...(change.config === undefined ? {} : newConfig(parts, before, change.config)),
    });
    const hasNewSecrets = !isDeepStrictEqual(secretsOf(parts, before), secretsOf(parts, changed));
    await afterChange(tx, caller, changed, "provider.changed", {
      ...changeOf(audited(before), audited(changed)),
      ...(hasNewSecrets ? { secrets: "replaced" } : {}),
    });
    return changed;
  });
  return answered(parts, row);
}

/** Forgets an account. Messages that wait for it go by another one of its channel, or say that there is none. */
export async function removeProviderAccount(parts: AccountParts, caller: Caller, id: string): Promise<void> {
  await parts.db.transaction(async (tx) => {
    const row = await findOrProblem(tx, caller.appKey, id, { forUpdate: true });
    await deleteAccount(tx, row.accountKey);
    await afterChange(tx, caller, row, "provider.deleted", { before: audited(row), after: null });
  });
}

/** Lets an account go on that was paused or rests. */
export async function resumeProviderAccount(
  parts: AccountParts,
  caller: Caller,
  id: string,
): Promise<AnsweredAccount> {
  const row = await parts.db.transaction(async (tx) => {
    const before = await findOrProblem(tx, caller.appKey, id, { forUpdate: true });
    const resumed = await resumeAccount(tx, before.accountKey, { trustForMs });
    await afterChange(tx, caller, resumed, "provider.changed", {
      before: { status: answered(parts, before).status },
      after: { status: answered(parts, resumed).status },
    });
    return resumed;
  });
  return answered(parts, row);
}

/** Tries whether the service of an account can be reached. Nobody gets a message. */
export async function checkProviderAccount(
  parts: AccountParts,
  appKey: number,
  id: string,
): Promise<CheckAnswer> {
  const row = await findOrProblem(parts.db, appKey, id);
  const opened = openConfig(parts, row);
  if (!opened.ok) return { ok: false, detail: opened.detail };
  const sender = opened.provider.open(opened.config, parts.outside, { connections: 1 });
  try {
    return await sender.check(AbortSignal.timeout(15_000));
  } finally {
    await sender.close();
  }
}

/** What has to stand in the DNS for an account, and what stands there now. */
export async function checkDns(parts: AccountParts, appKey: number, id: string): Promise<DnsAnswer> {
  const row = await findOrProblem(parts.db, appKey, id);
  const opened = openConfig(parts, row);
  if (!opened.ok) throw new Problem("conflict", opened.detail);
  const check = createDnsCheck(parts.dnsServers ?? null);
  return { records: await Promise.all((opened.provider.dnsRecords?.(opened.config) ?? []).map(check)) };
}

/** An account with connections of its own, beside those of workers. */
export interface AccountToTry {
  name: string;
  appName: string;
  channel: ProviderChannel;
  /** The push tokens that it takes; null for any. */
  tokenServices: readonly PushService[] | null;
  /** Texts are for people who wrote first; others take a template. */
  hasTemplates: boolean;
  sender: Sender;
}

/** Opens an account to try it, be it switched off or paused, and writes down who did. */
export async function tryAccount(
  parts: AccountParts,
  caller: Caller,
  id: string,
  attempt: (account: AccountToTry) => Promise<TestAnswer>,
): Promise<TestAnswer> {
  const row = await findOrProblem(parts.db, caller.appKey, id);
  const opened = openConfig(parts, row);
  if (!opened.ok) throw new Problem("conflict", opened.detail);
  const { provider, config } = opened;
  const { name, channel, provider: providerName } = row;
  const sender = provider.open(config, parts.outside, {
    ...{ connections: 4, receiptsUrl: receiptsUrlOf(row, parts.outside) },
  });
  try {
    const appName = await readAppName(parts.db, caller.appKey);
    const { tokenServices } = provider;
    const hasTemplates = provider.hasTemplates === true;
    const answer = await attempt({ name, appName, channel, tokenServices, hasTemplates, sender });
    const outcomes = answer.results.map(({ outcome }) => outcome);
    const detail = { name, channel, provider: providerName, outcomes };
    await record(parts.db, caller, "provider.tested", id, detail);
    return answer;
  } finally {
    await sender.close();
  }
}

/**
 * Whether messages can leave by a channel: the inbox is always there, the others take an account that is switched on. It
 * may be paused: messages then wait for it.
 */
export const isChannelReady = async (db: Queryable, appKey: number, channel: Channel): Promise<boolean> =>
  channel === "inbox" || (await hasActiveAccount(db, appKey, channel));

/** The public key that browsers subscribe to push with; null where no account of web push is switched on. */
export const readWebPushKey = (db: Queryable, appKey: number): Promise<string | null> =>
  findWebPushKey(db, appKey);

/** Names of an app's accounts by their keys. */
export async function listAccountNames(db: Queryable, appKey: number): Promise<Map<number, string>> {
  const rows = await listNames(db, appKey);
  return new Map(rows.map(({ accountKey, name }) => [accountKey, name]));
}

async function findOrProblem(
  db: Queryable,
  appKey: number,
  id: string,
  options?: { forUpdate: boolean },
): Promise<AccountRow> {
  const row = await findAccount(db, appKey, id, options);
  if (!row) throw new Problem("not_found", `There is no account of a provider with the id ${id}.`);
  return row;
}

function findProvider(
  providers: Registry,
  { provider: name, channel }: { provider: string; channel: ProviderChannel },
): Provider {
  const provider = providers.find(name);
  const names = providers.all.map((known) => known.name);
  if (!provider) {
    const detail = `there is no provider ${name}${didYouMean(name, names)}; there are ${names.join(", ")}`;
    throw validationProblem([{ pointer: "/provider", detail }]);
  }
  if (!provider.channels.includes(channel)) {
    const detail = `${name} carries ${provider.channels.join(", ")}, not ${channel}; choose another provider`;
    throw validationProblem([{ pointer: "/channel", detail }]);
  }
  return provider;
}

/** Checked, with the defaults filled in (`parsed`) and as it came (`input`), which is what is stored. */
function readConfig(
  provider: Provider,
  input: Record<string, unknown>,
): { input: Record<string, unknown>; parsed: unknown } {
  const read = provider.config.safeParse(input);
  if (read.success) return { input, parsed: read.data };
  const faults = faultsOfBody(read.error);
  throw validationProblem(faults.map((fault) => ({ ...fault, pointer: `/config${fault.pointer}` })));
}

/** A config that replaces that of an account: hidden secrets in it are the stored ones. */
function newConfig(parts: AccountParts, before: AccountRow, given: Record<string, unknown>) {
  const provider = findProvider(parts.providers, before);
  const stored = storedConfig(parts, before);
  const { config, kept, missing } = revealSecrets(provider, given, stored);
  if (missing.length > 0) throw validationProblem(missing.map(hiddenFault));
  const { input, parsed } = readConfig(provider, config);
  if (kept) {
    // Who may change an account need not know its secrets, and must not have them sent to a host of their own.
    const earlier = provider.config.safeParse(stored);
    const [from, to] = [
      earlier.success ? provider.destinationOf(earlier.data) : null,
      provider.destinationOf(parsed),
    ];
    if (from !== to) {
      const detail = `has secrets that were given to ${from ?? "another host"}; type them again to send them to ${to}`;
      throw validationProblem([{ pointer: "/config", detail }]);
    }
  }
  return sealed(parts, provider, before.accountId, input);
}

/** What is stored of a config, secrets in clear; without them when they cannot be opened. */
function storedConfig(parts: AccountParts, row: AccountRow): Record<string, unknown> {
  try {
    return wholeConfig(parts.secretKey, row);
  } catch (error) {
    if (error instanceof SealedError) return row.config;
    throw error;
  }
}

const secretsOf = (parts: AccountParts, row: AccountRow): Record<string, unknown> =>
  splitConfig(findProvider(parts.providers, row), storedConfig(parts, row)).secrets;

const hiddenFault = (path: string[]): Fault => ({
  pointer: `/config/${path.map(escapedPointer).join("/")}`,
  detail: "is hidden, and nothing is stored for it; type it again",
});

function sealed(
  parts: AccountParts,
  provider: Provider,
  accountId: string,
  config: Record<string, unknown>,
): Pick<AccountRow, "config" | "secrets"> {
  const { shown, secrets } = splitConfig(provider, config);
  const isEmpty = Object.keys(secrets).length === 0;
  return { config: shown, secrets: isEmpty ? null : seal(parts.secretKey, accountId, secrets) };
}

/** What belongs to every change: workers and panels hear of it, and the history says who did it. */
async function afterChange(
  tx: Queryable,
  caller: Caller,
  row: AccountRow,
  action: "provider.created" | "provider.changed" | "provider.deleted",
  detail: Record<string, unknown>,
): Promise<void> {
  await announceAccount(tx, row);
  const { name, channel, provider } = row;
  await record(tx, caller, action, row.accountId, { name, channel, provider, ...detail });
}

/** Without secrets, which are not in `config`. */
const audited = ({ name, isActive, priority, config, ...row }: AccountRow) => ({
  ...{ name, isActive, priority, ratePerSecond: row.ratePerSecond, concurrency: row.concurrency },
  ...{ price: row.price, config },
});

function answered(parts: AccountParts, row: AccountRow): AnsweredAccount {
  const { config, fault } = shownConfig(parts, row);
  const misconfigured = fault ?? row.misconfiguredDetail;
  const isResting = row.restsMs !== null;
  const status = !row.isActive ? "off" : misconfigured ? "misconfigured" : isResting ? "resting" : "active";
  return {
    ...{
      id: row.accountId,
      channel: row.channel,
      provider: row.provider,
      name: row.name,
      priority: row.priority,
    },
    ...{
      isActive: row.isActive,
      ratePerSecond: row.ratePerSecond,
      concurrency: row.concurrency,
      price: row.price,
      config,
    },
    status,
    statusDetail: status === "misconfigured" ? misconfigured : status === "resting" ? row.restsDetail : null,
    restsUntil: isResting ? (row.restsUntil?.toISOString() ?? null) : null,
    lastSuccessAt: row.lastSuccessAt?.toISOString() ?? null,
    lastFailureAt: row.lastFailureAt?.toISOString() ?? null,
    lastFailure: row.lastFailure,
    lastMinute: { accepted: row.accepted, failed: row.failed },
    tokenServices: parts.providers.find(row.provider)?.tokenServices?.slice() ?? null,
    receiptsPath: receiptsPathOf(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function shownConfig(
  parts: AccountParts,
  row: AccountRow,
): { config: Record<string, unknown>; fault: string | null } {
  const provider = parts.providers.find(row.provider);
  try {
    const whole = wholeConfig(parts.secretKey, row);
    return { config: provider ? hideSecrets(provider, whole) : row.config, fault: null };
  } catch (error) {
    if (error instanceof SealedError) return { config: row.config, fault: error.message };
    throw error;
  }
}

/** Only what is there: an absent member of a change is no change. */
const definedOf = <T extends object>(change: T): { [K in keyof T]-?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>;
  };
