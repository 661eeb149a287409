// `npm run bench receipts`: how many reports of a provider are taken a second, each answered once it is durable.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { performance } from "node:perf_hooks";
import type pg from "pg";
import { Pool } from "undici";
import { v7 as uuidv7 } from "uuid";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { referenceOf } from "../server/deliveries/reference.ts";
import { pause } from "../server/lib/processes.ts";
import { ask } from "./lib/campaign.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { describeMachine } from "./lib/machine.ts";
import { type Product, startProduct } from "./lib/product.ts";
import { createRandom } from "./lib/random.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { number, percentile } from "./lib/statistics.ts";
import { startUsageMeter, type UsageMeter } from "./lib/usage.ts";

const goals = { perSecond: 5_000, answeredMs: 50 };
const appId = "bench-shop";
const connections = 100;
/** Until V8 has compiled what it runs often, answers are not counted as fast or slow. */
const warmingUpMs = 2_000;
/** Three reports of each message of a number at its first rate of 80 a second, and of a dozen such numbers. */
const steady = [240, 1_000] as const;
const steadySeconds = 30;
const appSecret = "a-secret-that-webhooks-are-signed-with";
const statuses = ["sent", "delivered", "read"] as const;

interface Options {
  readonly deliveries: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const product = await startProduct(run, makeFolder(run));
  const usage = startUsageMeter(run, product.parts);
  run.say(`Filling in ${number(options.deliveries)} users …`);
  const machine = await withClient(product.databaseUrl, async (client) => {
    await prepareFilling(client, options.seed);
    await fillUsers(client, appId, options.deliveries, {
      ...{ attributes: "'{}'", tags: "'{}'", email: "null", phone: "'98912' || lpad(n::text, 7, '0')" },
    });
    await finishFilling(client);
    return describeMachine(client);
  });
  const account = await ask<{ receiptsUrl: string }>(product, "POST", "/providers", {
    ...{ channel: "whatsapp", provider: "meta", name: "Meta" },
    config: {
      ...{
        phoneNumberId: "106540352242922",
        wabaId: "102290129340398",
        accessToken: "token",
        appSecret,
        verifyToken: "verify",
      },
      baseUrl: "http://127.0.0.1:9",
    },
  });
  const figures: [string, Taken][] = [];
  for (const [what, shape] of [
    ["one a webhook, as fast as they are answered", { together: 1, perSecond: null }],
    ["ten a webhook, as fast as they are answered", { together: 10, perSecond: null }],
    ...steady.map(
      (perSecond) => [`one a webhook, ${number(perSecond)} a second`, { together: 1, perSecond }] as const,
    ),
  ] as const) {
    run.say(`${what} …`);
    figures.push([what, await measure({ product, usage, url: account.receiptsUrl, options }, shape)]);
  }
  publish(run, options.results, "receipts", report(options, machine, figures));
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    deliveries: { type: "string", default: "50000" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const deliveries = readCount("--deliveries", values.deliveries, 100);
  return {
    deliveries,
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (deliveries >= 50_000 ? "bench/RESULTS.md" : null),
  };
}

interface Taken {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuPerReceiptUs: number;
}

/** Every delivery of a message is reported as sent, delivered and read, in any order. */
async function measure(
  { product, usage, url, options }: { product: Product; usage: UsageMeter; url: string; options: Options },
  { together, perSecond }: { together: number; perSecond: number | null },
): Promise<Taken> {
  const { messageId, references } = await withClient(product.databaseUrl, (client) => fillDeliveries(client));
  const random = createRandom(options.seed).next;
  const said = references.flatMap((reference) => statuses.map((status) => ({ reference, status })));
  for (let index = said.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [said[index], said[other]] = [said[other] as (typeof said)[0], said[index] as (typeof said)[0]];
  }
  // At a steady rate as many as come within its time.
  const isWhole = perSecond === null;
  if (!isWhole) said.length = Math.min(said.length, perSecond * steadySeconds);
  const bodies: { body: string; signature: string }[] = [];
  for (let at = 0; at < said.length; at += together) {
    const body = webhook(said.slice(at, at + together), at);
    bodies.push({ body, signature: createHmac("sha256", appSecret).update(body).digest("hex") });
  }
  await withClient(product.databaseUrl, (client) => untilIdle(client));
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const answeredMs: number[] = [];
  usage.begin();
  const begun = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let at = next++; at < bodies.length; at = next++) {
        const { body = "", signature = "" } = bodies[at] ?? {};
        if (perSecond !== null) await pause(Math.max(0, begun + (at * 1000) / perSecond - performance.now()));
        const askedMs = performance.now();
        const answer = await pool.request({
          ...{ method: "POST", path: pathname, body },
          headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` },
        });
        const text = await answer.body.text();
        assert.equal(answer.statusCode, 200, text);
        if (askedMs - begun > warmingUpMs) answeredMs.push(performance.now() - askedMs);
      }
    }),
  );
  await withClient(product.databaseUrl, untilApplied);
  const seconds = (performance.now() - begun) / 1000;
  const cpu = Object.values(usage.read().cpuSeconds).reduce((sum, value) => sum + value, 0);
  await pool.close();
  const { counts } = await ask<{ counts: Record<string, number> }>(product, "GET", `/messages/${messageId}`);
  if (isWhole) assert.equal(counts.seen, references.length, JSON.stringify(counts));
  return {
    perSecond: said.length / seconds,
    p50Ms: percentile(answeredMs, 0.5),
    p99Ms: percentile(answeredMs, 0.99),
    cpuPerReceiptUs: (cpu * 1e6) / said.length,
  };
}

/** They are answered once they are stored, and count when they are applied. */
async function untilApplied(client: pg.Client): Promise<void> {
  while ((await client.query("select from reports limit 1")).rowCount !== 0) await pause(20);
}

/** A message that was sent to every user: rows and counters as the engine leaves them. */
async function fillDeliveries(client: pg.Client): Promise<{ messageId: string; references: string[] }> {
  const messageId = uuidv7();
  await client.query(
    `insert into messages (message_id, app_key, channel, topic, audience_kind, audience, content, source, status,
      priority, created_at, frozen_at, finished_at)
     values ($1, 1, 'whatsapp', 'default', 'target', '{"target": {}, "segments": []}', '{"content": "Hi"}', 'api', 'finished', 1,
       now(), now(), now())`,
    [messageId],
  );
  const { rows } = await client.query<{ userKey: string; deliveryId: string }>(
    `insert into deliveries (message_id, user_key, delivery_id, app_key, installation_key, state, attempts, created_at, sent_at)
     select $1, user_key, gen_random_uuid(), 1, '00000000-0000-0000-0000-000000000000', 'sent', 1, now(), now() from users
     returning user_key as "userKey", delivery_id as "deliveryId"`,
    [messageId],
  );
  await client.query(
    "insert into message_counters (message_id, slot, targeted, sent) values ($1, 0, $2, $2)",
    [messageId, rows.length],
  );
  await client.query("analyze deliveries");
  return { messageId, references: rows.map((row) => referenceOf({ messageId, ...row })) };
}

/** As Meta writes it. */
const webhook = (said: readonly { reference: string; status: string }[], number: number): string =>
  JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "1",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550001111", phone_number_id: "1" },
              statuses: said.map(({ reference, status }, index) => ({
                ...{
                  id: `wamid.HBg${number + index}`,
                  status,
                  timestamp: String(Math.floor(Date.now() / 1000)),
                },
                ...{ recipient_id: "989120000000", biz_opaque_callback_data: reference },
                pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
              })),
            },
          },
        ],
      },
    ],
  });

function report(options: Options, machine: string, figures: readonly (readonly [string, Taken])[]): string {
  const [single, tens, usual, busy] = figures.map(([, taken]) => taken);
  const met = (isMet: boolean) => (isMet ? "met" : "NOT MET");
  const best = Math.max(single?.perSecond ?? 0, tens?.perSecond ?? 0);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench receipts -- --deliveries ${options.deliveries} --seed ${options.seed}\`: ${number(options.deliveries)} deliveries of one message, each reported as sent, delivered and read in any order, by signed webhooks as Meta sends them, over ${connections} connections from a client on the same machine. Each answer comes once the report is durable; those of the first two seconds are not timed. The rate is of reports that are applied. After the first two everybody has read it.`,
    "",
    table(
      ["receipts", "receipts/s", "answered in, p50 ms", "p99 ms", "CPU of the product, µs a receipt"],
      figures.map(([what, taken]) => [
        ...[what, number(taken.perSecond), number(taken.p50Ms, 1), number(taken.p99Ms, 1)],
        number(taken.cpuPerReceiptUs),
      ]),
    ),
    "",
    `Goals: ≥ ${number(goals.perSecond)} receipts/s: ${met(best >= goals.perSecond)} (${number(single?.perSecond ?? 0)} one by one, ${number(tens?.perSecond ?? 0)} by tens); answered within ${goals.answeredMs} ms: ${met((usual?.p99Ms ?? Number.NaN) <= goals.answeredMs)} at ${number(steady[0])} a second (p99 ${number(usual?.p99Ms ?? 0, 1)} ms), ${met((busy?.p99Ms ?? Number.NaN) <= goals.answeredMs)} at ${number(steady[1])} (p99 ${number(busy?.p99Ms ?? 0, 1)} ms).`,
  ].join("\n");
}
