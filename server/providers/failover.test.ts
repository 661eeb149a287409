import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInProviders } from "../channels/registry.ts";
import { createTestDatabase } from "../testing/database.ts";
import { until } from "../testing/product.ts";
import { makeAccountOnStandIn, outbounds, standInConfig } from "../testing/provider-accounts.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { changeProviderAccount, createProviderAccount } from "./accounts.ts";
import type { Gate } from "./gate.ts";
import { NewProviderAccount } from "./schema.ts";

const { db } = await createTestDatabase();
const never = new AbortController().signal;

/** A first account, and a second one that stands by. */
async function twoAccounts(
  t: Parameters<typeof makeAccountOnStandIn>[0],
  settings: Partial<NewProviderAccount> = {},
) {
  const first = await makeAccountOnStandIn(t, db, { name: "first", ...settings });
  const { appKey, secretKey } = first;
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const parts = { db, secretKey, providers: builtInProviders(), outside: { allowsPrivate: true } };
  const caller = { appKey, name: "test" };
  const second = await createProviderAccount(
    parts,
    caller,
    NewProviderAccount.parse({
      ...{ channel: "sms", provider: "http", name: "second", priority: 1, config: standInConfig(standIn) },
    }),
  );
  const change = (id: string, changes: object) => changeProviderAccount(parts, caller, id, changes);
  const gate = first.openGate();
  const send = async (count: number) => {
    const route = await gate.route(appKey, "sms", null);
    assert.ok(route.kind === "open", JSON.stringify(route));
    return route.account.send(outbounds(count), never);
  };
  return { ...first, second, other: standIn, change, gate, send };
}

const nameNow = async (gate: Gate, appKey: number) => {
  const route = await gate.route(appKey, "sms", null);
  return route.kind === "open" ? route.account.name : route.kind;
};

test("while the first account is paused the next one carries its messages, and gives way once it is mended", async (t) => {
  const { appKey, account, standIn, other, gate, send, change } = await twoAccounts(t);
  assert.equal(await nameNow(gate, appKey), "first");
  standIn.plan({ kind: "status", status: 401, body: { error: "bad key" } });
  await send(3);
  assert.equal(await nameNow(gate, appKey), "second");
  assert.equal((await send(3)).length, 3);
  assert.equal(other.accepted.size, 3);
  standIn.plan(null);
  await change(account.id, { config: standInConfig(standIn) });
  await until(
    () => nameNow(gate, appKey),
    (name) => name === "first",
  );
});

test("a service that fails is tried by a few messages now and then, the others take the next account", async (t) => {
  const { appKey, standIn, gate, send } = await twoAccounts(t, { concurrency: 2 });
  standIn.plan({ kind: "status", status: 500 });
  await send(40);
  assert.equal(await nameNow(gate, appKey), "second");
  standIn.plan(null);
  await until(
    () => nameNow(gate, appKey),
    (name) => name === "first",
  );
  const route = await gate.route(appKey, "sms", null);
  assert.ok(route.kind === "open" && route.account.batchSize === 3);
});

test("an account that is only busy for a moment is waited for", async (t) => {
  const { appKey, standIn, other, gate, send } = await twoAccounts(t, { ratePerSecond: 2 });
  standIn.plan({ kind: "throttle", retryAfter: 5 });
  await send(1);
  assert.equal(await nameNow(gate, appKey), "closed");
  assert.equal(other.requests(), 0);
});

test("a long rest is an outage", async (t) => {
  const { appKey, standIn, gate, send } = await twoAccounts(t);
  standIn.plan({ kind: "throttle", retryAfter: 3600 });
  await send(1);
  assert.equal(await nameNow(gate, appKey), "second");
});

test("when none is left, the first to be back says until when; none of those that are off counts", async (t) => {
  const { appKey, account, second, standIn, other, gate, send, change } = await twoAccounts(t);
  standIn.plan({ kind: "status", status: 401, body: { error: "bad key" } });
  await send(1);
  other.plan({ kind: "throttle", retryAfter: 3600 });
  await send(1);
  const route = await gate.route(appKey, "sms", null);
  assert.ok(route.kind === "closed" && route.until !== null, JSON.stringify(route));
  await change(second.id, { isActive: false });
  await until(
    () => gate.route(appKey, "sms", null),
    (now) => now.kind === "closed" && now.until === null,
  );
  await change(account.id, { isActive: false });
  await until(
    () => nameNow(gate, appKey),
    (name) => name === "off",
  );
});
