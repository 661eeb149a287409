// `npm run bench events`: how fast events come in, one by one and in bulk, and how fast what they come to is shown.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import autocannon from "autocannon";
import type pg from "pg";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillEvents, fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { goalTable, type Pace, startPace } from "./lib/goals.ts";
import { describeMachine } from "./lib/machine.ts";
import { accessToken, type Product, startProduct } from "./lib/product.ts";
import { createRandom } from "./lib/random.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { median, number } from "./lib/statistics.ts";

const goals = { bulk: 20_000, single: 3_000, singleP99Ms: 50, profileMs: 50, seriesMs: 500 };

const appId = "bench-shop";
const days = 30;
/** Shares of the names: what is done most is done a third of the time. */
const names = ["view", "search", "addToCart", "share", "login", "purchase", "rate", "refund"];
const heavyUser = "user-1";
const heavyEvents = 10_000;

interface Options {
  readonly users: number;
  readonly events: number;
  /** In bulk; a hundred times as many one by one. */
  readonly calls: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const pace = startPace(options.seed);
  const product = await startProduct(run, makeFolder(run));
  run.say(`Filling in ${number(options.users)} users and ${number(options.events)} events of ${days} days …`);
  await withClient(product.databaseUrl, async (client) => {
    await fill(client, options);
    await untilIdle(client);
  });

  let machine = "";
  run.say("Events in bulk …");
  const bulk = await told(run, measureBulk(product, options));
  run.say("The same, each with an id …");
  const withIds = await told(run, measureBulk(product, { ...options, seed: options.seed + 1 }, true));
  run.say("Events one by one …");
  // Until V8 has compiled what runs often, calls are not counted as fast or slow.
  const warm = await measureSingle(product, { ...options, calls: warmingUpCalls, seed: options.seed + 2 });
  const single = await told(run, measureSingle(product, options));
  await withClient(product.databaseUrl, async (client) => {
    await assertAllThere(
      client,
      options.events + heavyEvents + bulk.events + withIds.events + warm.events + single.events,
    );
    await client.query("vacuum analyze events, behaviours");
    await untilIdle(client);
    machine = await describeMachine(client);
  });
  run.say("Reading …");
  const reads = await measureReads(product);

  const body = report(options, { machine, bulk, withIds, single, reads, pace: pace() });
  publish(run, options.results, "events", body);
}

async function told(run: Run, measuring: Promise<Throughput>): Promise<Throughput> {
  const figures = await measuring;
  run.say(`  ${number(figures.perSecond)} events/s, p99 ${number(figures.p99Ms)} ms`);
  return figures;
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    users: { type: "string", default: "1000000" },
    events: { type: "string", default: "5000000" },
    calls: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const users = readCount("--users", values.users, 1000);
  const events = readCount("--events", values.events, 1000);
  const isWhole = users >= 1_000_000 && events >= 5_000_000;
  return {
    ...{ users, events },
    calls: readCount("--calls", values.calls, 10),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (isWhole ? "bench/RESULTS.md" : null),
  };
}

/** Users and a month of events as the product would have stored them, by its own tables. */
async function fill(client: pg.Client, { users, events, seed }: Options): Promise<void> {
  await prepareFilling(client, seed);
  await fillUsers(client, appId, users);
  await fillEvents(client, appId, { users, events, days, names, heavyEvents });
  await finishFilling(client);
}

interface Throughput {
  readonly events: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const bulkConnections = 8;
const bulkSize = 1_000;
/** A hundred times as many events. */
const warmingUpCalls = 30;
const singleConnections = 64;

function measureBulk(product: Product, { users, calls, seed }: Options, hasIds = false): Promise<Throughput> {
  const random = createRandom(seed).next;
  let serial = 0;
  const body = () =>
    JSON.stringify(
      Array.from({ length: bulkSize }, () => ({
        ...anyEvent(random, users),
        ...(hasIds ? { eventId: `bulk-${seed}-${serial++}` } : {}),
      })),
    );
  const path = "/api/installations/trackBulk";
  return drive(product, { path, calls, connections: bulkConnections, eventsPerCall: bulkSize, body });
}

function measureSingle(product: Product, { users, calls, seed }: Options): Promise<Throughput> {
  const random = createRandom(seed + 2).next;
  const body = () => JSON.stringify(anyEvent(random, users));
  const path = "/api/installations/track";
  return drive(product, { path, calls: calls * 100, connections: singleConnections, eventsPerCall: 1, body });
}

/** Of the last minute: two that say the very same would count once, which chance does not bring about. */
function anyEvent(random: () => number, users: number) {
  const eventName = names[Math.floor(names.length * random() ** 2)] ?? "view";
  const eventTime = Date.now() - Math.floor(random() * 60_000);
  return {
    ...{ userId: `user-${1 + Math.floor(random() * users)}`, eventName, eventTime },
    eventData:
      eventName === "purchase"
        ? { value: Math.round(random() * 10_000) / 100 }
        : { page: `/p/${Math.floor(random() * 500)}` },
  };
}

/** So many calls from several connections, each as soon as the one before was answered. */
async function drive(
  product: Product,
  call: { path: string; calls: number; connections: number; eventsPerCall: number; body: () => string },
): Promise<Throughput> {
  let events = 0;
  const result = await autocannon({
    url: product.url,
    ...{ connections: call.connections, amount: call.calls, timeout: 60 },
    requests: [
      {
        ...{ method: "POST", path: call.path },
        headers: { "content-type": "application/json", "x-access-token": accessToken },
        setupRequest: (request) => ({ ...request, body: call.body() }),
        onResponse: (status, body) => {
          assert.equal(status, 200, body);
          events += (JSON.parse(body) as { n: number }).n;
        },
      },
    ],
  });
  assert.equal(result.errors, 0);
  assert.equal(events, call.calls * call.eventsPerCall);
  return {
    events,
    perSecond: events / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

async function assertAllThere(client: pg.Client, expected: number): Promise<void> {
  const { rows } = await client.query(`
    select (select count(*) from events)::integer as events, (select sum(count) from behaviours)::integer as rolled,
      (select sum(count) from event_counters)::integer as counted`);
  assert.deepEqual(rows[0], { events: expected, rolled: expected, counted: expected });
}

interface Reads {
  readonly profileMs: number;
  readonly profileParts: Readonly<Record<string, number>>;
  readonly series: readonly { name: string; events: number; ms: number }[];
  readonly namesMs: number;
  readonly funnelMs: number;
  readonly cohortMs: number;
}

/** What a page waits for; medians of ten after one that is not counted. */
async function measureReads(product: Product): Promise<Reads> {
  const time = async (
    path: string,
    runs = 10,
  ): Promise<{ ms: number; body: { total?: { count: number } } }> => {
    const taken: number[] = [];
    let body: { total?: { count: number } } = {};
    for (let index = 0; index <= runs; index++) {
      const begun = performance.now();
      const response = await fetch(`${product.url}${path}`, { headers: { "x-access-token": accessToken } });
      body = (await response.json()) as typeof body;
      assert.equal(response.status, 200, JSON.stringify(body));
      if (index > 0) taken.push(performance.now() - begun);
    }
    return { ms: median(taken), body };
  };
  const parts = { profile: "", behaviours: "/behaviours", segments: "/segments", timeline: "/timeline" };
  const profileParts: Record<string, number> = {};
  for (const [name, path] of Object.entries(parts))
    profileParts[name] = (await time(`/api/users/${heavyUser}${path}`)).ms;
  const series = [];
  for (const name of ["view", "search", "purchase"]) {
    const { ms, body } = await time(`/api/events/${name}/series`, 5);
    series.push({ name, events: body.total?.count ?? 0, ms });
  }
  return {
    profileMs: Object.values(profileParts).reduce((sum, ms) => sum + ms, 0),
    profileParts,
    series,
    namesMs: (await time("/api/events")).ms,
    funnelMs: (await time("/api/events/funnel?step=addToCart&step=purchase", 3)).ms,
    cohortMs: (await time("/api/events/cohort?first=purchase&return=purchase", 3)).ms,
  };
}

function report(
  { users, events, calls, seed }: Options,
  {
    machine,
    bulk,
    withIds,
    single,
    reads,
    pace,
  }: {
    machine: string;
    bulk: Throughput;
    withIds: Throughput;
    single: Throughput;
    reads: Reads;
    pace: Pace;
  },
): string {
  const ms = (value: number) => number(value, 1);
  const throughput = (what: string, connections: number, { perSecond, p50Ms, p99Ms }: Throughput) => [
    ...[what, String(connections), number(perSecond), ms(p50Ms), ms(p99Ms)],
  ];
  const typical = reads.series.find(({ name }) => name === "search")?.ms ?? Number.NaN;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench events -- --users ${users} --events ${events} --calls ${calls} --seed ${seed}\`: a product with ${number(users)} users and ${number(events)} events of ${days} days, ${names.length} names. The client runs on the same machine.`,
    "",
    table(
      ["events come in", "connections", "events/s", "p50, ms", "p99, ms"],
      [
        throughput(`${bulkSize} a call`, bulkConnections, bulk),
        throughput(`${bulkSize} a call, each with an id`, bulkConnections, withIds),
        throughput("one by one", singleConnections, single),
      ],
    ),
    "",
    `Each answer comes after the commit; the first ${number(warmingUpCalls * 100)} of those one by one are not timed. Afterwards timeline, behaviours and counters added up to every event that was answered.`,
    "",
    table(
      ["what is read", "ms"],
      [
        ...Object.entries(reads.profileParts).map(([name, value]) => [
          `${name} of a user with ${number(heavyEvents)} events`,
          ms(value),
        ]),
        ...reads.series.map((row) => [
          `${row.name} over ${days} days by day: ${number(row.events)} events`,
          ms(row.ms),
        ]),
        ["all names with their counts", ms(reads.namesMs)],
        ["funnel of two steps", ms(reads.funnelMs)],
        ["cohorts by week", ms(reads.cohortMs)],
      ],
    ),
    "",
    goalTable(
      [
        { what: "in bulk", figure: bulk.perSecond, atLeast: goals.bulk, unit: " events/s" },
        { what: "one by one", figure: single.perSecond, atLeast: goals.single, unit: " events/s" },
        { what: "one by one, p99", figure: single.p99Ms, below: goals.singleP99Ms, unit: " ms" },
        { what: "profile, all parts", figure: reads.profileMs, below: goals.profileMs, unit: " ms" },
        { what: "an event over 30 days", figure: typical, below: goals.seriesMs, unit: " ms" },
      ],
      pace,
    ),
  ].join("\n");
}
