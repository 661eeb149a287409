// Roles of their own over one outside database: what one of them leaves behind, another takes over.
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import sql from "sql-template-tag";
import type { Database } from "./db/database.ts";
import { isProcessAlive } from "./lib/processes.ts";
import { createTestDatabase } from "./testing/database.ts";
import { until } from "./testing/product.ts";
import { startChapar } from "./testing/product-process.ts";
import { standInConfig } from "./testing/provider-accounts.ts";
import {
  type Ask,
  accessToken,
  apiAt,
  assertWhole,
  exportFile,
  importEnded,
  patienceMs,
  sendToEveryone,
  settings,
  upload,
} from "./testing/recovery.ts";
import { startStandInProvider } from "./testing/stand-in-provider.ts";

const secretKey = "0123456789abcdef0123456789abcdef";

/** Roles of their own over one outside database, as on several machines. */
async function startApart(t: TestContext, databaseUrl: string) {
  const shared = {
    ...{ ...settings, DATABASE_URL: databaseUrl, SECRET_KEY: secretKey, ALLOW_PRIVATE_ADDRESSES: "true" },
  };
  const api = startChapar(t, ["start", "--role", "api"], shared);
  const [, port] = await api.until(/"port":(\d+),"mqttPort":\d+,"msg":"the api role runs"/);
  const [, mqttPort] = await api.until(/"mqttPort":(\d+)/);
  return {
    url: `http://127.0.0.1:${port}`,
    ask: apiAt(`http://127.0.0.1:${port}`),
    async worker() {
      const worker = startChapar(t, ["start", "--role", "worker"], {
        ...shared,
        MQTT_URL: `mqtt://127.0.0.1:${mqttPort}`,
      });
      await worker.until(/the worker role runs/);
      return worker;
    },
  };
}

const recorded = async (db: Database) => {
  const { rows } = await db.query<{ rows: number; leased: number }>(sql`
    select (select count(*) from deliveries) as rows,
      (select count(*) from chunks where lease_owner is not null) as leased`);
  return rows[0] ?? { rows: 0, leased: 0 };
};

/** A campaign by SMS to some of the users, through a slow stand-in: a worker can be killed in the midst of it. */
async function startTexting(t: TestContext, ask: Ask, users: number) {
  const standIn = await startStandInProvider({ delayMs: 100 });
  t.after(() => standIn.stop());
  const account = { channel: "sms", provider: "http", name: "Texts", config: standInConfig(standIn) };
  assert.equal((await ask("POST", "/providers", account)).status, 201);
  for (let index = 0; index < users; index += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, offset) =>
        ask("POST", "/users", {
          userId: `text-${index + offset}`,
          phone: `+98912${String(index + offset).padStart(7, "0")}`,
        }),
      ),
    );
  const draft = {
    name: "Texts",
    channel: "sms",
    target: { phone: { like: "98912" } },
    content: { content: "hi" },
  };
  const { body: campaign } = await ask("POST", "/campaigns", draft);
  const { body: launched } = await ask("POST", `/campaigns/${campaign.id}/launch`);
  const message = async () => (await ask("GET", `/messages/${launched.message.id}`)).body;
  return {
    underWay: () =>
      until(
        async () => standIn.accepted.size,
        (accepted) => accepted > 200,
        patienceMs,
      ),
    /** Everybody has an end; who may have got it from the dead worker is unknown, and not sent to again. */
    async assertOnce() {
      const { counts } = await until(message, ({ status }) => status === "finished", patienceMs);
      assert.equal(counts.sent + counts.unknown + counts.skipped, counts.targeted);
      assert.ok(counts.unknown > 0 && counts.unknown <= 200, JSON.stringify(counts));
      assert.ok(standIn.accepted.size <= counts.sent + counts.unknown);
      assert.ok([...standIn.seen.values()].every((times) => times === 1));
    },
  };
}

test("a worker that is killed leaves its work to another, and two at once do nothing twice", async (t) => {
  const { url: databaseUrl, db } = await createTestDatabase(t);
  const { url, ask, worker } = await startApart(t, databaseUrl);
  const first = await worker();
  const file = exportFile(16_000);
  const importId = await upload(url, accessToken, file);
  await until(
    async () => (await ask("GET", `/imports/${importId}`)).body,
    (found) => found.rows.total > 0,
    patienceMs,
  );
  first.child.kill("SIGKILL");
  const second = await worker();
  assert.equal((await importEnded(ask, importId)).status, "completed_with_errors");

  const texts = await startTexting(t, ask, 1_500);
  const message = await sendToEveryone(ask);
  await until(
    () => recorded(db),
    ({ rows, leased }) => rows > 0 && leased > 0,
    patienceMs,
  );
  await texts.underWay();
  second.child.kill("SIGKILL");
  await second.exited;
  const left = await recorded(db);
  assert.ok(left.leased > 0 && left.rows < message.count, JSON.stringify(left));
  const third = await worker();
  await assertWhole(ask, message.id, message.count);
  await texts.assertOnce();

  const fourth = await worker();
  const shared = await sendToEveryone(ask);
  await assertWhole(ask, shared.id, shared.count);
  for (const one of [third, fourth]) {
    assert.ok(isProcessAlive(one.child.pid ?? 0));
    one.child.kill("SIGTERM");
    assert.equal(await one.exited, 0);
  }
});
