import type { TemplateNews } from "../channels/provider.ts";
import type { Database, Queryable } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";
import type { AccountParts } from "./accounts.ts";
import { openConfig } from "./open-config.ts";
import { type AccountRow, findAccount, listAccountsOfApps } from "./queries.ts";
import type { SendableTemplates, TemplatesAnswer } from "./schema.ts";
import {
  changeTemplates,
  listStaleAccounts,
  listStoredTemplates,
  listTemplateStates,
  replaceTemplates,
  setTemplatesFailure,
  type TemplateState,
} from "./template-queries.ts";

const timeoutMs = 15_000;
/** Whoever opens the composer is not to wait for a service each time that just did not answer. */
const tryAgainMs = 20_000;

/** Templates of all accounts of an app that have some. Those that were never fetched are fetched first. */
export async function readTemplates(parts: AccountParts, appKey: number): Promise<TemplatesAnswer> {
  const accounts = await accountsWithTemplates(parts, appKey);
  await fetchNew(parts, accounts);
  return answer(parts, accounts);
}

/** Fetches the templates of an account anew. */
export async function refreshTemplates(
  parts: AccountParts,
  appKey: number,
  accountId: string,
): Promise<TemplatesAnswer> {
  const row = await findAccount(parts.db, appKey, accountId);
  if (!row) throw new Problem("not_found", `There is no account of a provider with the id ${accountId}.`);
  if (!hasTemplates(parts, row))
    throw new Problem("conflict", `${row.name} sends plain texts: its provider has no templates.`);
  await fetchTemplates(parts, row);
  return answer(parts, await accountsWithTemplates(parts, appKey));
}

/** Of the active account of lowest priority; null when there is none. */
export async function templatesToSend(
  parts: AccountParts,
  appKey: number,
): Promise<SendableTemplates | null> {
  const rows = await listAccountsOfApps(parts.db, [appKey]);
  const row = rows.find(({ channel, isActive }) => channel === "whatsapp" && isActive);
  if (!row) return null;
  if (!hasTemplates(parts, row)) return { account: row.name, templates: null };
  await fetchNew(parts, [row]);
  const stored = await listStoredTemplates(parts.db, [row.accountKey]);
  return { account: row.name, templates: stored.map(({ template }) => template) };
}

/** Takes what a service reported of its templates. */
export const noteTemplateNews = async (
  tx: Queryable,
  accountKey: number,
  news: readonly TemplateNews[],
): Promise<void> => {
  if (news.length > 0) await changeTemplates(tx, accountKey, news);
};

const hasTemplates = ({ providers }: Pick<AccountParts, "providers">, { provider }: AccountRow) =>
  providers.find(provider)?.hasTemplates === true;

const accountsWithTemplates = async (parts: AccountParts, appKey: number): Promise<AccountRow[]> =>
  (await listAccountsOfApps(parts.db, [appKey])).filter((row) => hasTemplates(parts, row));

async function fetchNew(parts: AccountParts, accounts: readonly AccountRow[]): Promise<void> {
  const states = await listTemplateStates(
    parts.db,
    accounts.map(({ accountKey }) => accountKey),
  );
  const isDue = ({ fetchedAt, triedAt }: TemplateState) =>
    fetchedAt === null && (triedAt === null || Date.now() - triedAt.getTime() > tryAgainMs);
  const fresh = accounts.filter(({ accountKey }) => {
    const state = states.get(accountKey);
    return state && isDue(state);
  });
  await Promise.all(fresh.map((row) => fetchTemplates(parts, row)));
}

async function fetchTemplates(parts: AccountParts, row: AccountRow, stopping?: AbortSignal): Promise<void> {
  const fail = (detail: string) => setTemplatesFailure(parts.db, row, detail, new Date());
  const opened = openConfig(parts, row);
  if (!opened.ok) return fail(opened.detail);
  const sender = opened.provider.open(opened.config, parts.outside, { connections: 1 });
  try {
    if (!sender.listTemplates) return;
    const timeout = AbortSignal.timeout(timeoutMs);
    const listed = await sender.listTemplates(stopping ? AbortSignal.any([timeout, stopping]) : timeout);
    if (stopping?.aborted) return;
    if (!listed.ok) return await fail(listed.detail);
    await parts.db.transaction((tx) => replaceTemplates(tx, row, listed.templates, new Date()));
  } finally {
    await sender.close();
  }
}

async function answer(parts: AccountParts, accounts: readonly AccountRow[]): Promise<TemplatesAnswer> {
  const keys = accounts.map(({ accountKey }) => accountKey);
  const states = await listTemplateStates(parts.db, keys);
  const ids = new Map(accounts.map(({ accountKey, accountId }) => [accountKey, accountId]));
  const stored = await listStoredTemplates(parts.db, keys);
  return {
    accounts: accounts.map(({ accountKey, accountId, name, provider, isActive }) => {
      const state = states.get(accountKey);
      const failure = state?.failure ?? null;
      return {
        id: accountId,
        name,
        provider,
        isActive,
        fetchedAt: state?.fetchedAt?.toISOString() ?? null,
        failure,
      };
    }),
    templates: stored.flatMap(({ accountKey, template }) => {
      const accountId = ids.get(accountKey);
      return accountId ? [{ ...template, accountId }] : [];
    }),
  };
}

const everyMs = 5 * 60_000;
const staleMs = 60 * 60_000;

/** Follows what becomes of templates: fetches them once an hour, also where a service reports nothing. */
export function startTemplateUpkeep(
  parts: AccountParts & { db: Database },
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const names = parts.providers.all.filter((provider) => provider.hasTemplates).map(({ name }) => name);
  const turn = async () => {
    const stale = await listStaleAccounts(parts.db, names, {
      fetched: new Date(Date.now() - staleMs),
      tried: new Date(Date.now() - everyMs / 2),
    });
    for (const { appKey, accountId } of stale) {
      if (stopping.signal.aborted) return;
      const row = await findAccount(parts.db, appKey, accountId);
      // One that is wrong keeps the others from nothing.
      if (row) await fetchTemplates(parts, row, stopping.signal).catch(onError);
    }
  };
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(turn).catch(onError);
  }, everyMs);
  return {
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await working;
    },
  };
}
