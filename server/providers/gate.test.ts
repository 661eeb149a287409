import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { builtInProviders } from "../channels/registry.ts";
import { createTestDatabase } from "../testing/database.ts";
import { until } from "../testing/product.ts";
import { makeAccountOnStandIn, outbounds, standInConfig } from "../testing/provider-accounts.ts";
import { changeProviderAccount, resumeProviderAccount } from "./accounts.ts";
import type { Gate, OpenAccount, SendOutcome } from "./gate.ts";
import { leaseStarts, listAccounts } from "./queries.ts";

const { db } = await createTestDatabase();
const never = new AbortController().signal;

const kindsOf = (outcomes: SendOutcome[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

async function openAccount(gate: Gate, appKey: number): Promise<OpenAccount> {
  const route = await gate.route(appKey, "sms", null);
  return route.kind === "open" ? route.account : assert.fail(JSON.stringify(route));
}

const closedRoute = (gate: Gate, appKey: number) =>
  until(
    () => gate.route(appKey, "sms", null),
    (route) => route.kind === "closed",
  );

const firstRow = async (appKey: number) => {
  const [row] = await listAccounts(db, appKey, { before: null, limit: 1 });
  return row ?? assert.fail("no account");
};

const parts = (secretKey: string) => ({
  ...{ db, secretKey, providers: builtInProviders(), outside: { allowsPrivate: true } },
});

test("messages go out once each, with the provider's id, by the active account of lowest priority", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db);
  const gate = openGate();
  assert.deepEqual(await gate.route(appKey, "email", null), { kind: "none" });
  const account = await openAccount(gate, appKey);
  assert.deepEqual([account.isRepeatSafe, account.needsLookup], [false, false]);
  const outcomes = await account.send(outbounds(150), never);
  assert.deepEqual(kindsOf(outcomes), { accepted: 150 });
  assert.deepEqual(outcomes[149], { kind: "accepted", providerId: "m-d149" });
  assert.equal(standIn.accepted.size, 150);
  assert.ok([...standIn.seen.values()].every((times) => times === 1));
});

test("no more are under way at once than the account says, however many send", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 5 });
  standIn.delay(5);
  const account = await openAccount(openGate(), appKey);
  const sent = await Promise.all(["a", "b", "c"].map((prefix) => account.send(outbounds(40, prefix), never)));
  assert.deepEqual(kindsOf(sent.flat()), { accepted: 120 });
  assert.equal(standIn.mostAtOnce(), 5);
});

test("workers share the rate: what they take follows each other without a gap or an overlap", async (t) => {
  const { appKey } = await makeAccountOnStandIn(t, db, { ratePerSecond: 1000 });
  const { accountKey } = await firstRow(appKey);
  const lease = { count: 20, ratePerSecond: 1000, atMostMs: 60_000 };
  const leases = await Promise.all(Array.from({ length: 50 }, () => leaseStarts(db, accountKey, lease)));
  const starts = leases.map((taken) => taken?.startsAtMs ?? 0).sort((a, b) => a - b);
  for (const [index, start] of starts.entries())
    if (index > 0)
      assert.ok(start - (starts[index - 1] ?? 0) >= 19.99, `${start - (starts[index - 1] ?? 0)}`);
  assert.equal(await leaseStarts(db, accountKey, { ...lease, atMostMs: 0 }), null);
});

test("two gates keep to one rate, as the service sees it", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { ratePerSecond: 100 });
  const accounts = [await openAccount(openGate(), appKey), await openAccount(openGate(), appKey)];
  assert.equal(accounts[0]?.batchSize, 25);
  const from = Date.now();
  const sent = await Promise.all(
    accounts.map((account, index) => account.send(outbounds(50, `g${index}-`), never)),
  );
  assert.deepEqual(kindsOf(sent.flat()), { accepted: 100 });
  // 99 spaces of 10 ms: it cannot be quicker, and how much slower is up to the machine.
  assert.ok(Date.now() - from >= 950);
  assert.equal(standIn.requests(), 100);
});

test("a slow account is given little at once, so that a pause need not wait for much", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 4 });
  const account = await openAccount(openGate(), appKey);
  assert.equal(account.batchSize, 4);
  standIn.delay(200);
  await account.send(outbounds(8), never);
  // Eight in twice 200 ms are five in a quarter of a second, and no machine makes them more.
  assert.ok(account.batchSize >= 4 && account.batchSize <= 5, `${account.batchSize}`);
});

test("a slow rate is not waited for: the route says when there is a start again", async (t) => {
  const { appKey, openGate } = await makeAccountOnStandIn(t, db, { ratePerSecond: 0.1 });
  const gate = openGate();
  const account = await openAccount(gate, appKey);
  assert.equal(account.batchSize, 1);
  assert.deepEqual(kindsOf(await account.send(outbounds(3), never)), { accepted: 1, unsent: 2 });
  const route = await gate.route(appKey, "sms", null);
  assert.ok(route.kind === "closed" && route.until && route.until.getTime() > Date.now() + 5_000);
});

test("a throttle holds all workers, and what was not started comes back unsent", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 4 });
  const [here, there] = [openGate(), openGate()];
  const account = await openAccount(here, appKey);
  const other = await openAccount(there, appKey);
  standIn.plan(({ number }) => (number > 10 ? { kind: "throttle", retryAfter: 30 } : null));
  const kinds = kindsOf(await account.send(outbounds(100), never));
  assert.equal(kinds.accepted, 10);
  assert.ok((kinds.throttle ?? 0) >= 1 && (kinds.throttle ?? 0) <= 4, JSON.stringify(kinds));
  assert.equal((kinds.unsent ?? 0) + (kinds.throttle ?? 0), 90);
  for (const gate of [here, there]) {
    const route = await closedRoute(gate, appKey);
    const waitMs = route.kind === "closed" && route.until ? route.until.getTime() - Date.now() : 0;
    assert.ok(waitMs > 20_000 && waitMs <= 31_000, JSON.stringify(route));
  }
  const seen = standIn.requests();
  assert.deepEqual(kindsOf(await other.send(outbounds(5), never)), { unsent: 5 });
  assert.equal(standIn.requests(), seen);
});

test("without Retry-After rests double, once for all that was under way", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 8 });
  standIn.plan(() => ({ kind: "throttle" }));
  const gate = openGate();
  const account = await openAccount(gate, appKey);
  const restOf = async () => {
    const from = Date.now();
    const outcomes = await account.send(outbounds(20), never);
    assert.ok((kindsOf(outcomes).throttle ?? 0) >= 1);
    const route = await gate.route(appKey, "sms", null);
    assert.ok(route.kind === "closed" && route.until);
    return route.until.getTime() - from;
  };
  const first = await restOf();
  await until(
    () => gate.route(appKey, "sms", null),
    (route) => route.kind === "open",
  );
  const second = await restOf();
  assert.ok(first >= 1_000 && first < 2_000, String(first));
  assert.ok(second >= 2_000 && second < 4_000, String(second));
});

test("wrong credentials pause the account for all workers, until its config is changed", async (t) => {
  const { appKey, account, standIn, secretKey, openGate } = await makeAccountOnStandIn(t, db, {
    concurrency: 2,
  });
  const [here, there] = [openGate(), openGate()];
  await openAccount(there, appKey);
  standIn.plan(() => ({ kind: "status", status: 401, body: { error: "bad key sk-0123456789" } }));
  const open = await openAccount(here, appKey);
  const kinds = kindsOf(await open.send(outbounds(50), never));
  assert.ok((kinds.misconfigured ?? 0) >= 1 && (kinds.misconfigured ?? 0) <= 2, JSON.stringify(kinds));
  for (const gate of [here, there]) {
    const route = await closedRoute(gate, appKey);
    assert.ok(route.kind === "closed" && route.until === null);
    assert.match(route.detail, /answered 401: bad key •••$/);
  }
  standIn.plan(null);
  const changed = await changeProviderAccount(parts(secretKey), { appKey, name: "test" }, account.id, {
    config: standInConfig(standIn),
  });
  assert.equal(changed.status, "active");
  for (const gate of [here, there])
    await until(
      () => gate.route(appKey, "sms", null),
      (route) => route.kind === "open",
    );
  // What a worker found out about the config before is not held against this one.
  assert.deepEqual(kindsOf(await open.send(outbounds(2), never)), { unsent: 2 });
  assert.deepEqual(kindsOf(await (await openAccount(here, appKey)).send(outbounds(2), never)), {
    accepted: 2,
  });
});

test("many failures open the breaker: the rest is unsent, and later a few messages try whether it works", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 2 });
  standIn.plan(() => ({ kind: "status", status: 500 }));
  const gate = openGate();
  const account = await openAccount(gate, appKey);
  const kinds = kindsOf(await account.send(outbounds(100), never));
  assert.ok((kinds.retry ?? 0) >= 10 && (kinds.retry ?? 0) <= 11, JSON.stringify(kinds));
  const closed = await gate.route(appKey, "sms", null);
  assert.ok(closed.kind === "closed" && closed.until && /Too many messages failed/.test(closed.detail));
  standIn.plan(null);
  await until(
    () => gate.route(appKey, "sms", null),
    (route) => route.kind === "open",
  );
  assert.equal(account.batchSize, 3);
  const probes = kindsOf(await account.send(outbounds(2, "probe"), never));
  assert.deepEqual(probes, { accepted: 2 });
  assert.deepEqual(kindsOf(await account.send(outbounds(10, "after"), never)), { accepted: 10 });
});

test("when most addresses are called dead nobody is believed, and the account pauses until it is resumed", async (t) => {
  const { appKey, account, standIn, secretKey, openGate } = await makeAccountOnStandIn(t, db, {
    concurrency: 10,
  });
  standIn.plan(() => ({ kind: "gone" }));
  const gate = openGate();
  const kinds = kindsOf(await (await openAccount(gate, appKey)).send(outbounds(200), never));
  assert.equal(kinds.gone, undefined, JSON.stringify(kinds));
  assert.ok((kinds.retry ?? 0) >= 50 && (kinds.retry ?? 0) < 70);
  const route = await closedRoute(gate, appKey);
  assert.ok(route.kind === "closed" && route.until === null);
  assert.match(route.detail, /More than half of the last addresses were called dead.*resume it/);
  await until(
    () => firstRow(appKey),
    (row) => row.misconfiguredDetail !== null,
  );

  // Whoever resumes it says that they are.
  await resumeProviderAccount(parts(secretKey), { appKey, name: "test" }, account.id);
  await until(
    () => gate.route(appKey, "sms", null),
    (next) => next.kind === "open",
  );
  assert.deepEqual(kindsOf(await (await openAccount(gate, appKey)).send(outbounds(100), never)), {
    gone: 100,
  });
});

test("who is told to stop finishes what was started, and starts nothing more", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db, { concurrency: 3 });
  standIn.delay(100);
  const account = await openAccount(openGate(), appKey);
  const stopping = new AbortController();
  const sending = account.send(outbounds(50), stopping.signal);
  await until(
    async () => standIn.requests(),
    (requests) => requests === 3,
  );
  stopping.abort();
  assert.deepEqual(kindsOf(await sending), { accepted: 3, unsent: 47 });
});

test("an account that was switched off or is sealed with another key takes nothing, and says why", async (t) => {
  const { appKey, account, secretKey, openGate } = await makeAccountOnStandIn(t, db);
  const gate = openGate();
  await openAccount(gate, appKey);
  await changeProviderAccount(parts(secretKey), { appKey, name: "test" }, account.id, { isActive: false });
  await until(
    () => gate.route(appKey, "sms", null),
    (route) => route.kind === "off",
  );
  await changeProviderAccount(parts(secretKey), { appKey, name: "test" }, account.id, { isActive: true });
  await db.query(
    sql`update provider_accounts set secrets = '\\x0100', revision = 9 where app_key = ${appKey}`,
  );
  const route = await closedRoute(gate, appKey);
  assert.ok(route.kind === "closed" && /another SECRET_KEY; type them again/.test(route.detail));
  await until(
    () => firstRow(appKey),
    (row) => row.misconfiguredDetail !== null,
  );
});

test("what happened last stands in the row, written now and then and not with each message", async (t) => {
  const { appKey, standIn, openGate } = await makeAccountOnStandIn(t, db);
  const gate = openGate();
  standIn.plan(({ number }) =>
    number === 7 ? { kind: "status", status: 400, body: { error: "no text" } } : null,
  );
  await (await openAccount(gate, appKey)).send(outbounds(50), never);
  const row = await until(
    () => firstRow(appKey),
    (found) => found.lastSuccessAt !== null,
  );
  assert.match(row.lastFailure ?? "", /answered 400: no text/);
});
