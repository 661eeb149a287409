// `npm run torture broadcast`: campaigns while parts of the product are killed and the provider misbehaves. Afterwards
// everybody has an end, counters equal rows, and nobody was sent to twice beyond what a crash may repeat.
import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { withClient } from "../bench/lib/database.ts";
import { fillUsers, finishFilling, prepareFilling } from "../bench/lib/fill.ts";
import { makeFolder } from "../bench/lib/folder.ts";
import { accessToken, type Product, startProduct } from "../bench/lib/product.ts";
import { createRandom, type Random } from "../bench/lib/random.ts";
import { Failure, type Run } from "../bench/lib/run.ts";
import { type StandInProcess, startStandInProcess } from "../bench/lib/stand-in.ts";
import { number } from "../bench/lib/statistics.ts";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause, signalProcess } from "../server/lib/processes.ts";
import type { MessageReport } from "../server/messages/schema.ts";

const appId = "bench-shop";
/** Of all requests. What is not answered is given up after a while, long enough for a busy machine to answer the rest. */
const faults = { throttle: 0.0001, error: 0.02, hang: 0.0002, closeAfter: 0.004 };
const timeoutMs = 4_000;
/** Of requests for two hundred each: one that is lost takes as many with it. */
const faultsOfBatches = { throttle: 0.005, error: 0.02, hang: 0.02, closeAfter: 0.02 };
/** Recipients that one worker has given away and not yet written down: two lanes of up to 200. */
const inFlight = 400;

/** A repeat by e-mail does no harm, one by text does: what may have gone out then ends as unknown. */
const ways = ["sms", "email", "kavenegar"] as const;
type Way = (typeof ways)[number];
const channelOf = (way: Way) => (way === "email" ? "email" : "sms");

const victims = ["worker", "api", "database", "everything"] as const;

export async function run(run: Run): Promise<void> {
  const { values } = readArguments(run.args, {
    recipients: { type: "string", default: "100000" },
    runs: { type: "string", default: "20" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  });
  const recipients = readCount("--recipients", values.recipients, 100);
  const runs = readCount("--runs", values.runs, 1);
  const seed = readCount("--seed", values.seed, 0);
  run.say(`--seed ${seed}`);
  const random = createRandom(seed);
  const http = await startStandInProcess(run);
  const kavenegar = await startStandInProcess(run, "kavenegar");
  const product = await startProduct(run, makeFolder(run));
  await withClient(product.databaseUrl, (client) => fill(client, recipients, seed));
  const accounts: Record<Way, { id: string }> = {
    sms: await addAccount(product, "sms", "http", httpConfig(http.url)),
    email: await addAccount(product, "email", "http", httpConfig(http.url)),
    kavenegar: await addAccount(product, "sms", "kavenegar", {
      ...{
        apiKey: "6D5A4B3C2E1F70695847362514032A1B",
        sender: "10004346",
        baseUrl: kavenegar.url,
        timeoutMs,
      },
    }),
  };
  http.misbehave(faults);
  kavenegar.misbehave(faultsOfBatches);

  let kills = 0;
  let repeats = 0;
  let unknown = 0;
  for (let turn = 1; turn <= runs; turn++) {
    const way = ways[turn % ways.length] ?? "sms";
    const standIn = way === "kavenegar" ? kavenegar : http;
    // Of several accounts of a channel one is used.
    for (const other of ways) {
      const isActive = other === way || channelOf(other) !== channelOf(way);
      await ask(product, "PATCH", `/providers/${accounts[other].id}`, { isActive });
    }
    const figures = await oneRun(
      { run, product, standIn, random, recipients, seed },
      way,
      `${turn} of ${runs}`,
    );
    kills += figures.kills;
    repeats += figures.repeats;
    unknown += figures.unknown;
  }
  process.stdout.write(
    `\n${runs} campaigns to ${number(recipients)} each, ${kills} kills: nobody lost, counters equal rows; ${number(repeats)} repeats by e-mail, none by text, where ${number(unknown)} are unknown instead.\n`,
  );
}

interface Scene {
  readonly run: Run;
  readonly product: Product;
  readonly standIn: StandInProcess;
  readonly random: Random;
  readonly recipients: number;
  readonly seed: number;
}

async function oneRun(
  scene: Scene,
  way: Way,
  name: string,
): Promise<{ kills: number; repeats: number; unknown: number }> {
  const { run, product, standIn, random, recipients, seed } = scene;
  const before = await standIn.report();
  const id = await launch(product, way);
  const kills: string[] = [];
  const planned = 1 + Math.floor(random.next() * 3);
  while (kills.length < planned && !(await isThrough(product, id))) {
    await pause(random.next() * 4_000);
    kills.push(await killSomething(product, random));
    await product.start();
  }
  const message = await untilFinished(product, id, recipients);
  const after = await standIn.report();
  const repeats = after.acceptedRepeats - before.acceptedRepeats;
  const accepted = after.accepted - before.accepted;
  const faultsFound = [
    ...(await faultsOfCounts(product, message, recipients)),
    ...faultsOfSending(message, way, { accepted, repeats, kills: kills.length }),
  ];
  run.say(
    `Run ${name} by ${way}, killed ${kills.join(", ") || "nothing"}: ${JSON.stringify(ended(message))}, ${repeats} repeats`,
  );
  if (faultsFound.length > 0) throw new Failure(`${faultsFound.join("\n")}\nRepeat it with --seed ${seed}`);
  return { kills: kills.length, repeats, unknown: message.counts.unknown };
}

const ended = ({ counts }: MessageReport) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** Kills a part, or all of them at once. What is left of the product stops by itself. */
async function killSomething(product: Product, random: Random): Promise<string> {
  const victim = victims[Math.floor(random.next() * victims.length)] ?? "everything";
  const { worker, api, postmaster } = product.parts;
  if (victim === "everything") await product.kill();
  else signalProcess({ worker, api, database: postmaster }[victim], "SIGKILL");
  if (!(await product.isGoneWithin(60_000))) throw new Failure(`The product outlived its ${victim}.`);
  return victim;
}

async function fill(client: pg.Client, recipients: number, seed: number): Promise<void> {
  await prepareFilling(client, seed);
  await fillUsers(client, appId, recipients, {
    attributes: "jsonb_build_object('first_name', 'Name' || n)",
    tags: "'{}'",
    email: "'user-' || n || '@example.com'",
    phone: "'98912' || lpad(n::text, 7, '0')",
  });
  await client.query(
    "insert into attributes (app_key, name, type, created_at) values (1, 'first_name', 'TEXT', now())",
  );
  await finishFilling(client);
}

const addAccount = (product: Product, channel: string, provider: string, config: object) =>
  ask<{ id: string }>(product, "POST", "/providers", {
    ...{ channel, provider, name: `${channel} by ${provider}`, config },
  });

const httpConfig = (url: string) => ({
  ...{ url, timeoutMs, idPath: "id" },
  body: '{"to": {{ to | json }}, "text": {{ content | json }}, "deliveryId": {{ deliveryId | json }}}',
});

async function launch(product: Product, way: Way): Promise<string> {
  const { id } = await ask<{ id: string }>(product, "POST", "/campaigns", {
    ...{ name: `By ${way}`, channel: channelOf(way), target: {} },
    content: { content: "Hi {{user.first_name}}", subject: "Hi" },
  });
  const launched = await ask<{ message: { id: string } }>(product, "POST", `/campaigns/${id}/launch`);
  return launched.message.id;
}

async function ask<T>(product: Product, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${product.url}/api${path}`, {
    method,
    headers: { "x-access-token": accessToken, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Failure(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

const isThrough = async (product: Product, id: string) =>
  (await ask<MessageReport>(product, "GET", `/messages/${id}`)).status === "finished";

async function untilFinished(product: Product, id: string, recipients: number): Promise<MessageReport> {
  const patienceMs = 300_000 + recipients * 10;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const message = await ask<MessageReport>(product, "GET", `/messages/${id}`);
    if (message.status === "finished") return message;
    if (Date.now() > deadline) throw new Failure(`Still ${JSON.stringify(message)}`);
    await pause(250);
  }
}

/** Everybody has an end, and counters and reasons say what the rows say. */
async function faultsOfCounts(
  product: Product,
  { id, counts, reasons }: MessageReport,
  recipients: number,
): Promise<string[]> {
  return withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query<{ state: string; count: number }>(
      "select state, count(*)::integer as count from deliveries where message_id = $1 group by state",
      [id],
    );
    const inRows = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    const { targeted, queued, ...states } = counts;
    const counted = Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0));
    const { rows: why } = await client.query<{ count: number }>(
      "select count(*)::integer as count from deliveries where message_id = $1 and reason is not null",
      [id],
    );
    const explained = reasons.reduce((sum, { count }) => sum + count, 0);
    const sum = Object.values(counted).reduce((all, count) => all + count, 0);
    return [
      ...(targeted === recipients && queued === 0 && sum === recipients
        ? []
        : [`${targeted} were targeted, ${queued} are queued, and ${sum} ended, of ${recipients}.`]),
      ...(isDeepStrictEqual(inRows, counted)
        ? []
        : [`Counted are ${JSON.stringify(counted)}, and the rows are ${JSON.stringify(inRows)}.`]),
      ...(explained === why[0]?.count
        ? []
        : [`${explained} have a reason, of ${why[0]?.count} rows with one.`]),
    ];
  });
}

/** What the provider took is sent or unknown; what it took twice was in flight when something was killed. */
function faultsOfSending(
  { counts }: MessageReport,
  way: Way,
  { accepted, repeats, kills }: { accepted: number; repeats: number; kills: number },
): string[] {
  const allowed = way === "email" ? kills * inFlight : 0;
  return [
    ...(repeats <= allowed ? [] : [`${repeats} messages by ${way} were taken twice after ${kills} kills.`]),
    ...(counts.sent <= accepted && accepted <= counts.sent + counts.unknown
      ? []
      : [`The provider took ${accepted}; ${counts.sent} are sent and ${counts.unknown} unknown.`]),
  ];
}
