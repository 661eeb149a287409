// `npm run bench pages`: how long the first page of every screen takes to read, with many users.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import type pg from "pg";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillEvents, fillInstallations, fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { describeMachine } from "./lib/machine.ts";
import { accessToken, type Product, startProduct } from "./lib/product.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { median, number } from "./lib/statistics.ts";

const appId = "bench-shop";
const goalMs = 300;
const times = 15;
const wholeUsers = 5_000_000;

interface Options {
  readonly users: number;
  readonly events: number;
  readonly results: string | null;
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
  body: any;
  ms: number;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const product = await startProduct(run, makeFolder(run));
  run.say(`Filling in ${number(options.users)} users and ${number(options.events)} events …`);
  let machine = "";
  await withClient(product.databaseUrl, async (client) => {
    await fill(client, options);
    await finishFilling(client);
    await untilIdle(client);
    machine = await describeMachine(client);
  });
  const screens = await prepare(product);
  const figures: { screen: string; path: string; first: number; ms: number }[] = [];
  for (const [screen, calls] of Object.entries(screens))
    for (const { path, body } of calls) {
      const taken: number[] = [];
      for (let time = 0; time < times; time++) taken.push((await ask(product, path, body)).ms);
      const [first = 0] = taken;
      figures.push({ screen, path: withoutIds(path), first, ms: median(taken) });
      run.say(`  ${screen}: ${path} ${number(median(taken), 1)} ms, the first time ${number(first, 1)} ms`);
    }
  const slow = figures.filter(({ ms }) => ms > goalMs);
  const lines = [
    `**${number(options.users)} users, ${number(Math.round(options.users * 1.3))} devices, ${number(options.events)} events.** ${machine}`,
    "",
    `Each call that a screen of the panel makes when it is opened, over HTTP, median of ${times}, one after another. The goal is`,
    `${goalMs} ms a page${slow.length === 0 ? "." : `; missed by ${slow.length}.`} Command: \`npm run bench pages\`.`,
    "",
    table(
      ["screen", "call", "median ms", "first time ms"],
      figures.map(({ screen, path, ms, first }) => [screen, `\`${path}\``, number(ms, 1), number(first, 1)]),
    ),
  ];
  publish(run, options.results, "first pages", lines.join("\n"));
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    users: { type: "string", default: String(wholeUsers) },
    events: { type: "string", default: "5000000" },
    results: { type: "string" },
  });
  const users = readCount("--users", values.users, 1000);
  const events = readCount("--events", values.events, 1000);
  return { users, events, results: values.results ?? (users >= wholeUsers ? "bench/RESULTS.md" : null) };
}

async function fill(client: pg.Client, { users, events }: Options): Promise<void> {
  await prepareFilling(client, 1);
  await fillUsers(client, appId, users, {
    attributes: `jsonb_build_object('city', 'city ' || n % 500, 'name', 'Somebody ' || n)`,
    tags: `case when n % 10 = 0 then array['plan_gold'] else '{}' end`,
    email: `case when n % 5 < 3 then 'user' || n || '@example.com' end`,
    phone: `case when n % 5 < 2 then '+98912' || lpad(n::text, 7, '0') end`,
  });
  await client.query(`
    insert into attributes (app_key, name, type, created_at)
    values (1, 'city', 'TEXT', now()), (1, 'name', 'TEXT', now())`);
  await fillInstallations(client, appId, users);
  await fillEvents(client, appId, {
    ...{ users, events, days: 90, names: ["view", "search", "purchase"], heavyEvents: 0 },
  });
}

/** One of everything, and what each screen asks for when it is opened. */
async function prepare(product: Product): Promise<Record<string, { path: string; body?: unknown }[]>> {
  const make = async (path: string, body: unknown) => (await ask(product, path, body)).body.id as string;
  const segment = await make("/segments", { name: "Gold", target: { tags: "plan_gold" } });
  const campaign = await make("/campaigns", {
    ...{ name: "Autumn", channel: "inbox", target: { userId: "user-7" }, content: { content: "Hello" } },
  });
  const launched = await ask(product, `/campaigns/${campaign}/launch`, {});
  const message = launched.body.message?.id as string;
  assert.ok(message, JSON.stringify(launched.body));
  const reads = (...paths: string[]) => paths.map((path) => ({ path }));
  const user = "/users/user-12345";
  return {
    overview: reads(
      "/dashboard",
      "/messages?limit=5",
      "/imports?limit=5",
      "/sample",
      "/segments?pinned=true",
    ),
    users: reads("/users?limit=25"),
    "users, searched": reads("/users?search=user-12345&limit=25", "/users?search=%2B989120012345&limit=25"),
    "users of a segment": reads(`/users?segment=${segment}&limit=25`),
    "users with a tag": reads("/users?tag=plan_gold&limit=25"),
    "one user": reads(user, `${user}/timeline`, `${user}/behaviours`, `${user}/segments`),
    segments: reads("/segments?limit=25"),
    "one segment": [
      ...reads(
        `/segments/${segment}?count=false`,
        `/segments/${segment}/growth`,
        "/segments/fields",
        "/attributes",
      ),
      { path: "/segments/count", body: { target: segment, estimate: true } },
    ],
    campaigns: reads("/campaigns?limit=25", `/campaigns/${campaign}`, `/campaigns/${campaign}/report`),
    messages: reads("/messages?limit=25", `/messages/${message}`, `/messages/${message}/deliveries?limit=25`),
    behaviours: reads("/events"),
    imports: reads("/imports?limit=25"),
    templates: reads("/templates?limit=25", "/files?limit=25"),
    providers: reads("/providers"),
    settings: reads("/settings", "/topics", "/public-keys", "/webhooks", "/team", "/tokens", "/audit"),
  };
}

/** The call as the OpenAPI has it, to be read in a table. */
const withoutIds = (path: string): string =>
  (path.split("?")[0] ?? path).replaceAll(/\/([\da-f]{8}-[\da-f-]{27}|user-\d+)/g, "/{id}");

async function ask(product: Product, path: string, body?: unknown): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(`${product.url}/api${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-access-token": accessToken, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  const ms = performance.now() - start;
  assert.ok(response.ok, `${path}: ${response.status} ${JSON.stringify(answer)}`);
  return { body: answer, ms };
}
