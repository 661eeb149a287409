import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import sql from "sql-template-tag";
import { insertApp } from "../accounts/apps.ts";
import { builtInProviders } from "../channels/registry.ts";
import type { MessageTemplate } from "../channels/whatsapp/template.ts";
import { createTestDatabase } from "../testing/database.ts";
import { startWhatsappStandIn } from "../testing/stand-ins/whatsapp.ts";
import { changeProviderAccount, createProviderAccount, removeProviderAccount } from "./accounts.ts";
import { findAccount } from "./queries.ts";
import { NewProviderAccount } from "./schema.ts";
import { listStaleAccounts, listStoredTemplates, replaceTemplates } from "./template-queries.ts";
import { readTemplates } from "./templates.ts";

const { db } = await createTestDatabase();
const standIn = await startWhatsappStandIn();
const parts = {
  ...{ db, secretKey: randomBytes(32).toString("hex"), providers: builtInProviders() },
  outside: { allowsPrivate: true },
};

const config = { ...standIn.credentials.meta, baseUrl: standIn.url };

async function makeAccount(name: string) {
  const now = new Date();
  const appId = `app-${randomBytes(4).toString("hex")}`;
  const { app } = await insertApp(db, { appId, name: appId, timeZone: "UTC", now });
  const caller = { appKey: app.appKey, name: "test" };
  const { id } = await createProviderAccount(
    parts,
    caller,
    NewProviderAccount.parse({
      ...{ channel: "whatsapp", provider: "meta", name },
      config,
    }),
  );
  const row = (await findAccount(db, app.appKey, id)) ?? assert.fail();
  return { caller, id, row };
}

const template = { name: "hello", language: "en" } as MessageTemplate;

test("templates that come when their account was deleted or changed meanwhile are forgotten", async (t) => {
  t.after(() => standIn.stop());
  const changed = await makeAccount("changed");
  await changeProviderAccount(parts, changed.caller, changed.id, {
    config: { ...config, graphVersion: "v24.0" },
  });
  await replaceTemplates(db, changed.row, [template], new Date());
  const { accounts, templates } = await readTemplates(parts, changed.caller.appKey);
  assert.ok(accounts[0]?.fetchedAt, "they are fetched anew by what the account is now");
  assert.ok(templates.length > 1);

  const deleted = await makeAccount("deleted");
  await removeProviderAccount(parts, deleted.caller, deleted.id);
  await replaceTemplates(db, deleted.row, [template], new Date());
  assert.deepEqual(await listStoredTemplates(db, [deleted.row.accountKey]), []);
});

test("accounts whose templates cannot be fetched keep nobody from following theirs", async () => {
  const ages: Promise<unknown>[] = [];
  for (let index = 0; index < 21; index += 1) {
    const { row } = await makeAccount(`fails ${index}`);
    ages.push(
      db.query(sql`
        update provider_accounts set templates_fetched_at = now() - interval '9 days', templates_failure = 'no'
        where account_key = ${row.accountKey}`),
    );
  }
  const { row, id } = await makeAccount("works");
  await Promise.all(ages);
  await db.query(sql`
    update provider_accounts set templates_fetched_at = now() - interval '2 hours'
    where account_key = ${row.accountKey}`);
  const stale = await listStaleAccounts(db, ["meta"], {
    ...{ fetched: new Date(Date.now() - 3_600_000), tried: new Date() },
  });
  assert.ok(stale.some(({ accountId }) => accountId === id));
});
