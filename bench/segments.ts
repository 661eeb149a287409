// `npm run bench segments`: how fast a filter is counted, beside the best SQL that we can write for the same by hand.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import type pg from "pg";
import sql, { type Sql } from "sql-template-tag";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { type Database, openDatabase } from "../server/db/database.ts";
import { countInstallations, countUsers } from "../server/segments/count-queries.ts";
import { resolveFilter } from "../server/segments/resolve.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillEvents, fillInstallations, fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { type Pace, paceInWords, startPace } from "./lib/goals.ts";
import { describeMachine } from "./lib/machine.ts";
import { accessToken, type Product, startProduct } from "./lib/product.ts";
import { createRandom } from "./lib/random.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { median, number, percentile } from "./lib/statistics.ts";

const appId = "bench-shop";
const days = 90;
const names = ["view", "search", "addToCart", "share", "login", "purchase", "rate", "refund"];
const runs = 20;
const ratioGoal = 1.2;
const treesGoalMs = 1_500;
const estimateGoalMs = 300;

interface Options {
  readonly users: number;
  readonly events: number;
  readonly trees: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const pace = startPace(options.seed);
  const product = await startProduct(run, makeFolder(run));
  run.say(`Filling in ${number(options.users)} users and ${number(options.events)} events …`);
  let machine = "";
  await withClient(product.databaseUrl, async (client) => {
    await fill(client, options);
    await makeFast(product, "city");
    await finishFilling(client);
    await untilIdle(client);
    machine = await describeMachine(client);
  });
  const db = openDatabase(product.databaseUrl, { connections: 2, name: "chapar bench", onError: () => {} });
  try {
    run.say("Filters by themselves …");
    const figures: Figure[] = [];
    for (const each of cases) {
      const figure = await measure(db, product, each);
      run.say(`  ${each.what}: ${number(figure.ms, 1)} ms, by hand ${number(figure.handMs, 1)} ms`);
      figures.push(figure);
    }
    run.say(`${options.trees} random trees …`);
    const trees = await measureTrees(db, product, options);
    const body = report(options, { machine, figures, trees, pace: pace() });
    publish(run, options.results, sectionOf(options), body);
  } finally {
    await db.close();
  }
}

/** Each size has its own. */
const sectionOf = ({ users }: Options) =>
  users === 1_000_000 ? "segments" : `segments of ${number(users)} users`;

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    users: { type: "string", default: "1000000" },
    events: { type: "string", default: "5000000" },
    trees: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const users = readCount("--users", values.users, 1000);
  const events = readCount("--events", values.events, 1000);
  const isWhole = users >= 1_000_000 && events >= 5_000_000;
  return {
    ...{ users, events },
    trees: readCount("--trees", values.trees, 1),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (isWhole ? "bench/RESULTS.md" : null),
  };
}

async function fill(client: pg.Client, { users, events, seed }: Options): Promise<void> {
  await prepareFilling(client, seed);
  await fillUsers(client, appId, users, {
    attributes: `jsonb_build_object('city', 'city ' || n % 500, 'score', floor(random() * 1000),
      'name', 'Somebody ' || n, 'plan', (array['free', 'silver', 'gold'])[1 + n % 3], 'joined', '2026-01-01T00:00:00.000Z')`,
    tags: `case when n % 10 = 0 then array['plan_gold', 'city_' || n % 50] else array['city_' || n % 50] end`,
    email: `case when n % 5 < 3 then 'user' || n || '@example.com' end`,
    phone: `case when n % 5 < 2 then '+98912' || lpad(n::text, 7, '0') end`,
  });
  await client.query(`
    insert into attributes (app_key, name, type, created_at)
    values (1, 'city', 'TEXT', now()), (1, 'score', 'NUMBER', now()), (1, 'name', 'TEXT', now()),
      (1, 'plan', 'TEXT', now()), (1, 'joined', 'DATETIME', now())`);
  await fillInstallations(client, appId, users);
  await fillEvents(client, appId, { users, events, days, names, heavyEvents: 0 });
}

async function makeFast(product: Product, name: string): Promise<void> {
  const ask = async (method: string, path: string) => {
    const response = await fetch(`${product.url}/api${path}`, {
      method,
      headers: { "x-access-token": accessToken },
    });
    return response.json() as Promise<{ data?: { name: string; fast: string }[] }>;
  };
  await ask("POST", `/attributes/${name}/fast`);
  for (;;) {
    const { data } = await ask("GET", "/attributes");
    if (data?.find((each) => each.name === name)?.fast === "ready") return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface Case {
  readonly what: string;
  readonly goalMs: number;
  /** Which of the two the goal is about: devices for filters of devices, else users. */
  readonly counts: "users" | "installations";
  readonly target: object;
  /** The same number, as somebody would write it who knows these tables and only this question. */
  readonly byHand: Sql;
}

const daysAgo = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
const week = daysAgo(7);
const month = daysAgo(30);
const version52 = String((5n << 48n) | (2n << 32n));
const device = { deviceType: "android", clientVersion: { gte: "5.2.0" }, launchCount: { gt: 3 } };
const deviceByHand = sql`i.app_key = 1 and i.launch_time >= ${week}::timestamptz and i.device_type = 'android'
  and i.client_version_n >= ${version52}::bigint and i.launch_count > 3`;
const tehran = { lat: 35.7, lng: 51.4 };
const nearByHand = sql`i.app_key = 1 and i.lat between 35.2503 and 36.1497 and i.lng between 50.846 and 51.954
  and 12742017.6 * asin(least(1, sqrt(power(sin(radians(i.lat - 35.7) / 2), 2)
    + cos(radians(35.7)) * cos(radians(i.lat)) * power(sin(radians(i.lng - 51.4) / 2), 2)))) <= 50000`;

const cases: readonly Case[] = [
  {
    what: "platform, version, visits and last visit",
    goalMs: 100,
    counts: "installations",
    target: { ...device, launchTime: { gte: week } },
    byHand: sql`select count(*) as count from installations i where ${deviceByHand}`,
  },
  {
    what: "the same with a tag",
    goalMs: 200,
    counts: "installations",
    target: { ...device, launchTime: { gte: week }, tags: "plan_gold" },
    byHand: sql`select count(*) as count from installations i join users u using (app_key, user_key)
      where ${deviceByHand} and u.tags @> '{plan_gold}'`,
  },
  {
    what: "an attribute made fast",
    goalMs: 20,
    counts: "users",
    target: { city: "city 7" },
    byHand: sql`select count(*) as count from users u where app_key = 1
      and left((case when jsonb_typeof((attributes -> 'city'::text)) = 'string'::text then (attributes ->> 'city'::text) end), 500) = 'city 7'`,
  },
  {
    what: "an attribute not made fast",
    goalMs: 350,
    counts: "users",
    target: { score: { gt: 900 } },
    byHand: sql`select count(*) as count from users where app_key = 1 and case
      when jsonb_typeof(attributes -> 'score') = 'number' then (attributes -> 'score')::numeric end > 900`,
  },
  {
    what: "within 50 km of a place",
    goalMs: 20,
    counts: "installations",
    target: { nearBy: { near: tehran, maxDistance: 50, unit: "kilometers" } },
    byHand: sql`select count(*) as count from installations i where ${nearByHand}`,
  },
  {
    what: "a behaviour's roll-up",
    goalMs: 200,
    counts: "users",
    target: { "purchase.count": { gt: 1 } },
    byHand: sql`select count(*) as count from behaviours where app_key = 1 and name = 'purchase' and count > 1`,
  },
  {
    what: "twice within 30 days",
    goalMs: 300,
    counts: "users",
    target: { purchase: { did: { count: { gte: 2 }, from: month } } },
    byHand: sql`select count(*) as count from (select user_key from events
      where app_key = 1 and name = 'purchase' and at >= ${month}::timestamptz group by user_key having count(*) >= 2) as t`,
  },
  {
    what: "within 30 days, of more than 50",
    goalMs: 300,
    counts: "users",
    target: { purchase: { did: { from: month, where: { value: { gt: 50 } } } } },
    byHand: sql`select count(distinct user_key) as count from events
      where app_key = 1 and name = 'purchase' and at >= ${month}::timestamptz and value > 50`,
  },
];

interface Figure extends Case {
  readonly count: number;
  readonly ms: number;
  readonly handMs: number;
  /** The whole answer over HTTP: users, devices, reach of every channel and ten samples. */
  readonly answerMs: number;
}

async function measure(db: Database, product: Product, each: Case): Promise<Figure> {
  const { condition } = await resolveFilter(db, 1, { target: each.target });
  const ours = () =>
    db.transaction(async (tx) => {
      await tx.query(sql`set local jit = off`);
      await tx.query(sql`set local work_mem = '64MB'`);
      const count = each.counts === "users" ? countUsers : countInstallations;
      const begun = performance.now();
      const counted = await count(tx, condition, { appKey: 1 });
      return { count: counted, ms: performance.now() - begun };
    });
  const byHand = () =>
    db.transaction(async (tx) => {
      await tx.query(sql`set local jit = off`);
      await tx.query(sql`set local work_mem = '64MB'`);
      const begun = performance.now();
      const { rows } = await tx.query<{ count: number }>(each.byHand);
      return { count: rows[0]?.count ?? -1, ms: performance.now() - begun };
    });
  const taken: { ours: number[]; byHand: number[]; answer: number[] } = { ours: [], byHand: [], answer: [] };
  let count = 0;
  for (let index = 0; index <= runs; index++) {
    const [mine, theirs] = [await ours(), await byHand()];
    assert.equal(mine.count, theirs.count, each.what);
    count = mine.count;
    if (index === 0) continue;
    taken.ours.push(mine.ms);
    taken.byHand.push(theirs.ms);
  }
  for (let index = 0; index <= 5; index++) {
    const ms = await answer(product, { target: each.target });
    if (index > 0) taken.answer.push(ms);
  }
  return {
    ...{ ...each, count, ms: median(taken.ours), handMs: median(taken.byHand) },
    answerMs: median(taken.answer),
  };
}

async function answer(product: Product, body: object): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`${product.url}/api/segments/count`, {
    method: "POST",
    headers: { "x-access-token": accessToken, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return performance.now() - begun;
}

interface Trees {
  readonly users: readonly number[];
  readonly answers: readonly number[];
  readonly estimates: readonly number[];
  readonly worst: object;
}

/** Trees of one to six rules, groups of all, any and not among them. */
async function measureTrees(db: Database, product: Product, { trees, seed }: Options): Promise<Trees> {
  const random = createRandom(seed).next;
  const figures: Trees & { users: number[]; answers: number[]; estimates: number[] } = {
    ...{ users: [], answers: [], estimates: [] },
    worst: {},
  };
  let worst = 0;
  let worstTree = {};
  for (let index = 0; index < trees; index++) {
    const segment = randomTree(random, 1 + Math.floor(random() * 6));
    const { condition } = await resolveFilter(db, 1, { segment });
    let ms = 0;
    // The first to warm up, the second to measure.
    for (let again = 0; again < 2; again++) {
      const begun = performance.now();
      await db.transaction(async (tx) => {
        await tx.query(sql`set local jit = off`);
        await tx.query(sql`set local work_mem = '64MB'`);
        await countUsers(tx, condition, { appKey: 1 });
      });
      ms = performance.now() - begun;
    }
    figures.users.push(ms);
    if (ms > worst) [worst, worstTree] = [ms, segment];
    if (index % 10 > 0) continue;
    figures.answers.push(await answer(product, { segment }));
    figures.estimates.push(await answer(product, { segment, estimate: true }));
  }
  return { ...figures, worst: worstTree };
}

type Rule = { name: string; operator: string; value?: unknown };

function randomTree(random: () => number, rules: number): object {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const leaf = (): Rule => {
    const [name, operator, value] = pick<readonly [string, string, unknown?]>([
      ["deviceType", "include", [pick(["android", "ios", "web"])]],
      ["launchCount", pick(["greater_than", "lesser_equals"]), Math.floor(random() * 100)],
      ["launchTime", pick(["after", "before"]), `${1 + Math.floor(random() * 60)}d`],
      ["installDate", "after_date", daysAgo(Math.floor(random() * 600)).slice(0, 10)],
      [
        "clientVersion",
        pick(["greater_equals", "lesser_than", "not_equal"]),
        `${3 + Math.floor(random() * 3)}.5`,
      ],
      ["tags", pick(["include", "not_include"]), [pick(["plan_gold", "city_7"])]],
      ["city", pick(["include", "not_include"]), [`city ${Math.floor(random() * 500)}`]],
      ["score", pick(["greater_than", "lesser_than"]), Math.floor(random() * 1000)],
      ["plan", pick(["equal_to", "not_equal"]), "gold"],
      ["name", "contains", String(Math.floor(random() * 1000))],
      ["purchase.count", pick(["greater_than", "lesser_equals"]), 1],
      ["purchase.last", pick(["before", "after"]), "20d"],
      ["view.sum", "not_exists"],
      [
        "purchase",
        pick(["did", "did_not"]),
        { within: "30d", count: { operator: "greater_equals", value: 2 } },
      ],
      ["refund", pick(["exists", "not_exists"])],
      ["reachableBy", pick(["include", "not_include"]), [pick(["push", "email", "sms"])]],
      [
        "nearBy",
        "near",
        { lat: 30 + random() * 8, lng: 46 + random() * 15, maxDistance: 100, unit: "kilometers" },
      ],
      ["sample", "lesser_equals", 100],
    ]);
    return value === undefined ? { name, operator } : { name, operator, value };
  };
  if (rules === 1) return random() < 0.1 ? { not: leaf() } : { all: [leaf()] };
  const parts: object[] = [];
  for (let left = rules; left > 0; ) {
    const size = Math.min(left, random() < 0.6 ? 1 : 1 + Math.floor(random() * (left - 1)));
    parts.push(size === 1 ? leaf() : randomTree(random, size));
    left -= size;
  }
  const group = random() < 0.6 ? { all: parts } : { any: parts };
  return random() < 0.1 ? { not: group } : group;
}

function report(
  { users, events, trees: treeCount, seed }: Options,
  {
    machine,
    figures,
    trees,
    pace,
  }: { machine: string; figures: readonly Figure[]; trees: Trees; pace: Pace },
): string {
  const ms = (value: number) => number(value, 1);
  const met = (isMet: boolean) => (isMet ? "met" : "NOT MET");
  const judged = (value: number, goal: number) => [
    ...[String(goal), met(value <= goal)],
    ...[number(goal / pace.share), met(value <= goal / pace.share)],
  ];
  const spreadOf = (values: readonly number[]) => [
    ...[ms(median(values)), ms(percentile(values, 0.95)), ms(Math.max(...values))],
  ];
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench segments -- --users ${users} --events ${events} --trees ${treeCount} --seed ${seed}\`: ${number(users)} users with 1.3 devices each, ${number(events)} events of ${days} days. Medians of ${runs}, warm.`,
    "",
    table(
      [
        "filter",
        "who match",
        "ms",
        "goal",
        "",
        "at this pace",
        "",
        "by hand, ms",
        "ratio",
        `at most ${ratioGoal}`,
        "whole answer, ms",
      ],
      figures.map((each) => [
        ...[each.what, number(each.count), ms(each.ms), String(each.goalMs), met(each.ms <= each.goalMs)],
        ...[number(each.goalMs / pace.share), met(each.ms <= each.goalMs / pace.share)],
        ...[ms(each.handMs), number(each.ms / each.handMs, 2)],
        ...[met(each.ms <= each.handMs * ratioGoal), ms(each.answerMs)],
      ]),
    ),
    "",
    "By hand: the best SQL we know for this one question and these tables, in the same run; it counts the same. The whole answer is `POST /api/segments/count` over HTTP: users, devices, the reach of five channels and ten samples.",
    "",
    table(
      [
        `${treeCount} random trees of up to 6 rules`,
        ...["median, ms", "19 of 20 within, ms", "worst, ms", "goal", "", "at this pace", ""],
      ],
      [
        ["users", ...spreadOf(trees.users), ...judged(Math.max(...trees.users), treesGoalMs)],
        ["whole answer (every tenth)", ...spreadOf(trees.answers), "", "", "", ""],
        [
          "estimate (every tenth)",
          ...spreadOf(trees.estimates),
          ...judged(Math.max(...trees.estimates), estimateGoalMs),
        ],
      ],
    ),
    "",
    `The worst: \`${JSON.stringify(trees.worst)}\``,
    "",
    paceInWords(pace),
  ].join("\n");
}
