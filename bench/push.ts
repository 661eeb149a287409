// `npm run bench push`: how fast notifications leave through Firebase and Apple, by one worker.
import type pg from "pg";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { ask, broadcasts, type Draft, type Sent } from "./lib/campaign.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillInstallations, fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { goalTable, type Pace, startPace } from "./lib/goals.ts";
import { describeMachine } from "./lib/machine.ts";
import { startProduct } from "./lib/product.ts";
import { startPushStandIns } from "./lib/push-stand-ins.ts";
import { publish, table } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { median, number } from "./lib/statistics.ts";
import { startUsageMeter } from "./lib/usage.ts";

const goal = 5_000;
const appId = "bench-shop";
const text = "Hi {{user.first_name}}, your {{user.plan}} plan has {{user.points}} points";

interface Options {
  readonly devices: number;
  readonly runs: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const pace = startPace(options.seed);
  const standIns = await startPushStandIns(run);
  const product = await startProduct(run, makeFolder(run));
  const usage = startUsageMeter(run, product.parts);
  run.say(`Filling in ${number(options.devices)} devices …`);
  const machine = await withClient(product.databaseUrl, async (client) => {
    await fill(client, options);
    await untilIdle(client);
    return describeMachine(client);
  });
  for (const [provider, config] of Object.entries(standIns))
    await ask(product, "POST", "/providers", {
      ...{ channel: "push", provider, name: provider, config, concurrency: 200 },
    });

  const figures: [string, Sent[]][] = [];
  for (const [what, target] of [
    ["FCM and APNs", { deviceType: { inq: ["android", "ios"] } }],
    ["FCM alone", { deviceType: "android" }],
    ["APNs alone", { deviceType: "ios" }],
  ] as const) {
    run.say(`${what} …`);
    const draft: Draft = {
      channel: "push",
      content: { content: text, notification: { title: "Shop" } },
      target,
    };
    figures.push([what, await broadcasts({ run, product, usage }, draft, options.runs)]);
  }

  const body = report(options, { machine, figures, pace: pace() });
  publish(run, options.results, "push", body);
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    devices: { type: "string", default: "200000" },
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const devices = readCount("--devices", values.devices, 1000);
  return {
    devices,
    runs: readCount("--runs", values.runs, 1),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (devices >= 200_000 ? "bench/RESULTS.md" : null),
  };
}

/** Of 1.3 devices a user three in six are on Android and two on iOS; nobody has opted out. */
async function fill(client: pg.Client, { devices, seed }: Options): Promise<void> {
  const users = Math.ceil(((devices / 1.3) * 6) / 5);
  await prepareFilling(client, seed);
  await fillUsers(client, appId, users, {
    attributes: "jsonb_build_object('first_name', 'Name' || n, 'plan', 'gold', 'points', n % 1000)",
    tags: "'{}'",
    ...{ email: "null", phone: "null" },
  });
  await client.query(`
    insert into attributes (app_key, name, type, created_at)
    values (1, 'first_name', 'TEXT', now()), (1, 'plan', 'TEXT', now()), (1, 'points', 'NUMBER', now())`);
  await fillInstallations(client, appId, users);
  await client.query("update installations set opted_out = false where opted_out");
  // To the stand-in a token with this word in it is dead, and among so many hexadecimal digits it turns up.
  await client.query(`
    update installations set device_token = replace(device_token, 'dead', 'beef') where device_token like '%dead%'`);
  await client.query(`
    insert into installation_directory (app_key, installation_key, user_key, past_user_keys)
    select app_key, installation_key, user_key, '{}' from installations`);
  await finishFilling(client);
}

function report(
  options: Options,
  {
    machine,
    figures,
    pace,
  }: { machine: string; figures: readonly (readonly [string, Sent[]])[]; pace: Pace },
): string {
  const of = (list: Sent[], pick: (sent: Sent) => number) => median(list.map(pick));
  const both = of(figures[0]?.[1] ?? [], (sent) => sent.perSecond);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench push -- --devices ${options.devices} --runs ${options.runs} --seed ${options.seed}\`: notifications with three variables to ${number(options.devices)} devices, three of five on Android, a row each, over HTTP/2 by one worker. The stand-ins are one process beside it on the same machine.`,
    "",
    table(
      [
        "through",
        "devices",
        "messages/s (median)",
        "each run",
        "CPU of the product, µs a message",
        "WAL, bytes a message",
        "worker, MB",
      ],
      figures.map(([what, list]) => [
        ...[what, number(list[0]?.recipients ?? 0), number(of(list, (sent) => sent.perSecond))],
        list.map((sent) => number(sent.perSecond)).join(", "),
        ...[number(of(list, (sent) => sent.cpuPerMessageUs)), number(of(list, (sent) => sent.walPerMessage))],
        number(of(list, (sent) => sent.workerBytes) / 2 ** 20),
      ]),
    ),
    "",
    goalTable([{ what: "through both", figure: both, atLeast: goal, unit: " messages/s" }], pace),
  ].join("\n");
}
