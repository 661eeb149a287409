import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import sql from "sql-template-tag";
import { builtInProviders } from "../channels/registry.ts";
import { curlsOf } from "../testing/curl.ts";
import { call, startTestProduct } from "../testing/product.ts";
import { outbounds } from "../testing/provider-accounts.ts";
import { startSimulation } from "../testing/simulation.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { type Gate, openGate } from "./gate.ts";
import { findAccountByReceiptsKey } from "./reporting.ts";

const guide = fileURLToPath(new URL("../../docs/providers.md", import.meta.url));

test("every call of the guide to providers is understood", async (t) => {
  const product = await startTestProduct(t);
  const run = async ({ command, method, url, headers, body }: ReturnType<typeof curlsOf>[number]) => {
    const answer = await call(url.replace("http://localhost:8080", product.url), method, headers, body);
    assert.ok(answer.status < 300, `${command}\n${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const simulation = await startSimulation();
  await simulation.stop();
  const { serviceAccount, apnsKey, vapid } = simulation.credentials;
  const variables = {
    ...{ TOKEN: product.accessToken, PUBLIC_KEY: vapid.publicKey, PRIVATE_KEY: vapid.privateKey },
    ...{ SERVICE_ACCOUNT: JSON.stringify(serviceAccount), APNS_KEY: JSON.stringify(apnsKey) },
  };
  await product.call("POST", "/api/users", { userId: "starter", phone: "+989121234567" });
  const [first] = curlsOf(guide, variables);
  assert.ok(first);
  const { id } = await run(first);
  const [, ...others] = curlsOf(guide, { ...variables, ID: id });
  assert.equal(others.length, 12);
  for (const curl of others) await run(curl);
});

test("the account of the guide sends what the gateway takes, and reads its reports", async (t) => {
  const product = await startTestProduct();
  // In this order: the gate listens to the database, which closes last.
  t.after(async () => {
    await gate?.stop();
    await standIn.stop();
    await product.stop();
  });
  const standIn = await startStandInProvider();
  let gate: Gate | undefined;
  const [first] = curlsOf(guide, { TOKEN: product.accessToken });
  const account = JSON.parse(first?.body ?? "");
  account.config.url = standIn.url;
  const made = await product.call("POST", "/api/providers", account);
  assert.equal(made.status, 201, JSON.stringify(made.body));

  const parts = { db: product.db, secretKey: product.config.secretKey, providers: builtInProviders() };
  gate = openGate({ ...parts, outside: { allowsPrivate: true }, logger: pino({ level: "silent" }) });
  const { rows } = await product.db.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`);
  const route = await gate.route(rows[0]?.appKey ?? 0, "sms", null);
  assert.ok(route.kind === "open");
  const signal = new AbortController().signal;
  const [accepted] = await route.account.send(outbounds(1), signal);
  assert.equal(accepted?.kind, "accepted");
  assert.deepEqual(standIn.last()?.body, { to: "+989120000000", text: "hello", reference: "d0" });
  assert.equal(standIn.last()?.headers.authorization, "Bearer s3cr3t-key");
  standIn.plan({ kind: "status", status: 400, body: { error: { code: "E7", text: "no such number" } } });
  assert.equal((await route.account.send(outbounds(1), signal))[0]?.kind, "gone");

  const key = new URL(made.body.receiptsUrl).pathname.split("/").at(-1) ?? "";
  const found = await findAccountByReceiptsKey(parts, "http", key);
  assert.ok(found);
  const body = Buffer.from('{"reports":[{"reference":"d0","status":"ABSENT","at":"2026-03-01T10:00:00Z"}]}');
  const report = (headers: Record<string, string>) =>
    found.provider.parseReceipts(found.config, {
      ...{ method: "POST", url: made.body.receiptsUrl, headers, query: {}, body },
    });
  assert.equal(report({}).ok, false);
  const signature = createHmac("sha256", "another-s3cr3t").update(body).digest("hex");
  const parsed = report({ "content-type": "application/json", "x-signature": signature });
  assert.ok(parsed.ok);
  assert.deepEqual(
    parsed.receipts.map(({ subject, state, isGone }) => [subject, state, isGone]),
    [[{ deliveryId: "d0" }, "failed", true]],
  );
});
