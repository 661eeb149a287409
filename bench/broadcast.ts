// `npm run bench broadcast`: how fast messages leave, to a stand-in over HTTP and by the engine alone, and single ones.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import autocannon from "autocannon";
import type pg from "pg";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause, signalProcess } from "../server/lib/processes.ts";
import type { MessageReport } from "../server/messages/schema.ts";
import {
  ask,
  broadcast,
  type Draft,
  launch,
  repeated,
  type Sent,
  untilFirstOut,
  untilMessage,
} from "./lib/campaign.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { startEngine } from "./lib/engine.ts";
import { fillInstallations, fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { goalTable, type Pace, startPace } from "./lib/goals.ts";
import { measureJobPerMessage } from "./lib/job-per-message.ts";
import { describeMachine } from "./lib/machine.ts";
import { accessToken, type Product, startProduct } from "./lib/product.ts";
import { createRandom } from "./lib/random.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { type StandInProcess, startStandInProcess } from "./lib/stand-in.ts";
import { median, number } from "./lib/statistics.ts";
import { startUsageMeter, type UsageMeter } from "./lib/usage.ts";

const goals = {
  ...{ overHttp: 5_000, engine: 20_000, expansion: 200_000, firstOutMs: 500, walBytes: 450 },
  ...{ single: 2_000, singleP99Ms: 50, pauseMs: 1_000 },
};

const appId = "bench-shop";
const text = "Hi {{user.first_name}}, your {{user.plan}} plan has {{user.points}} points";

interface Options {
  readonly users: number;
  readonly recipients: number;
  readonly runs: number;
  readonly calls: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const pace = startPace(options.seed);
  const standIn = await startStandInProcess(run);
  const product = await startProduct(run, makeFolder(run));
  const usage = startUsageMeter(run, product.parts);
  run.say(`Filling in ${number(options.users)} users …`);
  const machine = await withClient(product.databaseUrl, async (client) => {
    await fill(client, options);
    await untilIdle(client);
    return describeMachine(client);
  });
  const bench = { run, product, standIn, options, usage };
  await addAccount(bench, "sms", standIn.url);
  await addSegment(product);

  run.say(`Over HTTP to ${number(options.recipients)} …`);
  const overHttp = await repeated(options.runs, () =>
    broadcast(bench, draftBy("sms"), everybodySent(options)),
  );
  run.say("The engine alone …");
  const engine = await measureEngine(bench);
  run.say("Single sends …");
  const single = await measureSingle(bench);
  run.say(`A send to ${number(options.users)}, paused and resumed …`);
  const whole = await measureWhole(bench);
  // Last: the schema that it makes tells the product's own queue that it is out of date.
  run.say("A job per message …");
  const jobs = await measureJobPerMessage(run, product, {
    ...{ url: standIn.url, messages: Math.min(5_000, options.recipients), text },
  });

  const body = report(options, { machine, overHttp, engine, jobs, single, whole, pace: pace() });
  publish(run, options.results, "broadcast", body);
}

interface Bench {
  readonly run: Run;
  readonly product: Product;
  readonly standIn: StandInProcess;
  readonly options: Options;
  readonly usage: UsageMeter;
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    users: { type: "string", default: "1000000" },
    recipients: { type: "string", default: "200000" },
    runs: { type: "string", default: "3" },
    calls: { type: "string", default: "40000" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const users = readCount("--users", values.users, 1000);
  const recipients = readCount("--recipients", values.recipients, 1000);
  return {
    ...{ users, recipients },
    runs: readCount("--runs", values.runs, 1),
    calls: readCount("--calls", values.calls, 100),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (users >= 1_000_000 && recipients >= 200_000 ? "bench/RESULTS.md" : null),
  };
}

/** Users with a phone and what the text speaks of; the recipients have a tag, and every user a device. */
async function fill(client: pg.Client, { users, recipients, seed }: Options): Promise<void> {
  await prepareFilling(client, seed);
  await fillUsers(client, appId, users, {
    attributes: "jsonb_build_object('first_name', 'Name' || n, 'plan', 'gold', 'points', n % 1000)",
    tags: `case when n <= ${recipients} then array['recipient'] else '{}' end`,
    email: "null",
    phone: "'98912' || lpad(n::text, 7, '0')",
  });
  await client.query(`
    insert into attributes (app_key, name, type, created_at)
    values (1, 'first_name', 'TEXT', now()), (1, 'plan', 'TEXT', now()), (1, 'points', 'NUMBER', now())`);
  await fillInstallations(client, appId, Math.min(users, 100_000));
  await client.query(`
    insert into installation_directory (app_key, installation_key, user_key, past_user_keys)
    select app_key, installation_key, user_key, '{}' from installations`);
  await finishFilling(client);
}

const draftBy = (channel: string): Draft => ({ channel, content: { content: text }, target: "Recipients" });

const everybodySent =
  ({ recipients }: Options) =>
  ({ counts }: MessageReport) =>
    assert.equal(counts.sent, recipients, JSON.stringify(counts));

const addAccount = ({ product }: Bench, channel: string, url: string): Promise<{ id: string }> =>
  ask(product, "POST", "/providers", {
    ...{ channel, provider: "http", name: "Stand-in" },
    config: {
      ...{ url, isRepeatSafe: false },
      body: '{"to": {{ to | json }}, "text": {{ content | json }}, "deliveryId": {{ deliveryId | json }}}',
      receipts: {
        subject: "deliveryId",
        idPath: "deliveryId",
        statusPath: "status",
        statuses: { OK: "delivered" },
      },
    },
  });

const addSegment = (product: Product) =>
  ask(product, "POST", "/segments", { name: "Recipients", target: { tags: "recipient" } });

/**
 * The same by a provider that answers at once, inside the process of the engine: this one. The product's own worker
 * knows no such provider, and is held meanwhile.
 */
async function measureEngine(bench: Bench): Promise<Sent[]> {
  const { product, options } = bench;
  const worker = product.parts.worker;
  signalProcess(worker, "SIGSTOP");
  const engine = await startEngine(product.databaseUrl);
  try {
    await withClient(product.databaseUrl, (client) =>
      client.query(`
        insert into provider_accounts (account_id, app_key, channel, provider, name, priority, is_active, concurrency,
          config, receipts_key, created_at, updated_at)
        values (gen_random_uuid(), 1, 'whatsapp', 'instant', 'Instant', 0, true, 1000, '{}', 'instant', now(), now())`),
    );
    return await repeated(options.runs, () => broadcast(bench, draftBy("whatsapp"), everybodySent(options)));
  } finally {
    await engine.stop();
    signalProcess(worker, "SIGCONT");
  }
}

interface Single {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How many callers ask at once, each as soon as it was answered: more only wait for each other. */
const callersAtOnce = 40;

/** One message to one user a request, each answered when it is durable. */
async function measureSingle({ product, options }: Bench): Promise<Single> {
  const random = createRandom(options.seed).next;
  const result = await autocannon({
    url: product.url,
    ...{ connections: callersAtOnce, amount: options.calls, timeout: 60 },
    requests: [
      {
        ...{ method: "POST", path: "/api/push/toUsers" },
        headers: { "content-type": "application/json", "x-access-token": accessToken },
        setupRequest: (request) => ({
          ...request,
          body: JSON.stringify({
            user: `user-${1 + Math.floor(random() * Math.min(options.users, 100_000))}`,
            content: "Your flight is half an hour late.",
          }),
        }),
        onResponse: (status, body) => assert.equal(status, 200, body),
      },
    ],
  });
  assert.equal(result.errors, 0);
  await withClient(product.databaseUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ left: number }>("select count(*)::integer as left from chunks");
      if (rows[0]?.left === 0) return;
      await pause(100);
    }
  });
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

interface Whole {
  readonly firstOutMs: number;
  readonly expansionPerSecond: number;
  /** From the request to pause to the last message that the stand-in was given. */
  readonly pausedMs: number;
  readonly sentBeforePause: number;
  readonly repeats: number;
  readonly cancelMs: number;
}

/** To everybody: paused soon, resumed, and cancelled after a while; nobody is given the message twice. */
async function measureWhole({ product, standIn }: Bench): Promise<Whole> {
  return withClient(product.databaseUrl, async (client) => {
    const before = await standIn.report();
    const begun = performance.now();
    const id = await launch(product, { ...draftBy("sms"), target: {} });
    const firstOutMs = await untilFirstOut(client, id, begun);
    await untilMessage(product, id, ({ counts }) => counts.sent > 5_000);
    const asked = performance.now();
    await ask(product, "POST", `/messages/${id}/pause`);
    let last = performance.now();
    let requests = (await standIn.report()).requests;
    while (performance.now() - last < 1_500) {
      await pause(20);
      const now = (await standIn.report()).requests;
      if (now !== requests) last = performance.now();
      requests = now;
    }
    const paused = await untilMessage(product, id, ({ frozenAt }) => frozenAt !== null);
    const frozenMs = Date.parse(paused.frozenAt ?? "") - Date.parse(paused.createdAt);
    await ask(product, "POST", `/messages/${id}/resume`);
    await untilMessage(product, id, ({ counts }) => counts.sent > paused.counts.sent + 20_000);
    const cancelled = performance.now();
    await ask(product, "POST", `/messages/${id}/cancel`);
    const ended = await untilMessage(product, id, ({ finishedAt }) => finishedAt !== null);
    const cancelMs = performance.now() - cancelled;
    assert.equal(ended.counts.sent + ended.counts.cancelled, ended.counts.targeted);
    const after = await standIn.report();
    assert.equal(after.accepted - before.accepted, ended.counts.sent);
    return {
      firstOutMs,
      expansionPerSecond: (ended.counts.targeted * 1000) / Math.max(frozenMs, 1),
      pausedMs: last - asked,
      sentBeforePause: paused.counts.sent,
      repeats: after.repeats - before.repeats,
      cancelMs,
    };
  });
}

function report(
  { users, recipients, runs, calls, seed }: Options,
  {
    machine,
    overHttp,
    engine,
    jobs,
    single,
    whole,
    pace,
  }: {
    machine: string;
    overHttp: Sent[];
    engine: Sent[];
    jobs: { perSecond: number; messages: number };
    single: Single;
    whole: Whole;
    pace: Pace;
  },
): string {
  const of = (list: Sent[], pick: (sent: Sent) => number) => median(list.map(pick));
  const row = (what: string, list: Sent[]) => [
    ...[
      what,
      number(of(list, (sent) => sent.perSecond)),
      list.map((sent) => number(sent.perSecond)).join(", "),
    ],
    ...[number(of(list, (sent) => sent.cpuPerMessageUs)), number(of(list, (sent) => sent.walPerMessage))],
    number(of(list, (sent) => sent.workerBytes) / 2 ** 20),
  ];
  const http = of(overHttp, (sent) => sent.perSecond);
  const alone = of(engine, (sent) => sent.perSecond);
  const wal = of(overHttp, (sent) => sent.walPerMessage);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench broadcast -- --users ${users} --recipients ${recipients} --runs ${runs} --calls ${calls} --seed ${seed}\`: a product with ${number(users)} users, a campaign with three variables to ${number(recipients)} of them, a row each. The stand-in is a process of its own on the same machine.`,
    "",
    table(
      [
        "how",
        "messages/s (median)",
        "each run",
        "CPU of the product, µs a message",
        "WAL, bytes a message",
        "worker, MB",
      ],
      [row("to a stand-in over HTTP, one worker", overHttp), row("the engine alone", engine)],
    ),
    "",
    `The engine alone runs in the bench's own process, whose CPU and memory are not in its row. A job per message on the same queue (enqueued in thousands, 64 at a time, user read, text filled in, posted, row written, to the same stand-in): ${number(jobs.perSecond)} messages/s of ${number(jobs.messages)}; ours over HTTP is ${number(http / jobs.perSecond, 1)} times as fast.`,
    "",
    goalTable(
      [
        { what: "over HTTP", figure: http, atLeast: goals.overHttp, unit: "/s" },
        { what: "the engine alone", figure: alone, atLeast: goals.engine, unit: "/s" },
        {
          what: `audience of ${number(users)} frozen, while it is sent to`,
          ...{ figure: whole.expansionPerSecond, atLeast: goals.expansion, unit: "/s" },
        },
        {
          what: `first of ${number(users)} out`,
          ...{ figure: whole.firstOutMs, below: goals.firstOutMs, unit: " ms" },
        },
        { what: "WAL a message", figure: wal, atMost: goals.walBytes, unit: " bytes", isFixed: true },
        {
          what: `single sends, ${callersAtOnce} callers at once`,
          figure: single.perSecond,
          atLeast: goals.single,
          unit: "/s",
        },
        { what: "the same: p99", figure: single.p99Ms, below: goals.singleP99Ms, unit: " ms" },
        {
          what: `a send to ${number(users)} pauses`,
          ...{ figure: whole.pausedMs, below: goals.pauseMs, unit: " ms" },
        },
        { what: "repeats after it was resumed", figure: whole.repeats, atMost: 0, unit: "", isFixed: true },
      ],
      pace,
    ),
    "",
    `It had sent ${number(whole.sentBeforePause)} when it paused; cancelling the rest took ${number(whole.cancelMs / 1000, 1)} s, a row for each.`,
  ].join("\n");
}
