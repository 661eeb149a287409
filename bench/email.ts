// `npm run bench email`: how fast e-mails leave by SMTP, signed and unsigned, by one worker. Needs Postfix's smtp-sink.
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause } from "../server/lib/processes.ts";
import { ask, broadcasts, type Draft, type Sent } from "./lib/campaign.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { fillUsers, finishFilling, prepareFilling } from "./lib/fill.ts";
import { makeFolder } from "./lib/folder.ts";
import { describeMachine } from "./lib/machine.ts";
import { startProduct } from "./lib/product.ts";
import { publish, table } from "./lib/results.ts";
import { Failure, type Run } from "./lib/run.ts";
import { median, number } from "./lib/statistics.ts";
import { startUsageMeter } from "./lib/usage.ts";

const goals = { unsigned: 1_000, signed: 400 };
const appId = "bench-shop";
const sinkPort = 18_525;

interface Options {
  readonly users: number;
  readonly runs: number;
  readonly seed: number;
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  await startSink(run);
  const product = await startProduct(run, makeFolder(run));
  const usage = startUsageMeter(run, product.parts);
  run.say(`Filling in ${number(options.users)} users …`);
  const machine = await withClient(product.databaseUrl, async (client) => {
    await prepareFilling(client, options.seed);
    await fillUsers(client, appId, options.users, {
      attributes: "jsonb_build_object('first_name', 'Name' || n, 'plan', 'gold', 'points', n % 1000)",
      ...{ tags: "'{}'", email: "'u' || n || '@inbox.example'", phone: "null" },
    });
    await client.query(`
      insert into attributes (app_key, name, type, created_at)
      values (1, 'first_name', 'TEXT', now()), (1, 'plan', 'TEXT', now()), (1, 'points', 'NUMBER', now())`);
    await finishFilling(client);
    await untilIdle(client);
    return describeMachine(client);
  });
  const account = await ask<{ id: string }>(product, "POST", "/providers", {
    ...{ channel: "email", provider: "smtp", name: "Sink", config: configOf({}) },
  });
  const { config: keys } = await ask<{ config: object }>(product, "POST", "/providers/kinds/smtp/keys");

  const figures: [string, Sent[]][] = [];
  for (const [what, config] of [
    ["unsigned", configOf({})],
    ["signed (DKIM, RSA 2048)", configOf({ dkimDomain: "shop.example", ...keys })],
  ] as const) {
    run.say(`${what} …`);
    await ask(product, "PATCH", `/providers/${account.id}`, { config });
    figures.push([what, await broadcasts({ run, product, usage }, draft, options.runs)]);
  }

  const body = report(options, machine, figures);
  publish(run, options.results, "email", body);
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    users: { type: "string", default: "20000" },
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const users = readCount("--users", values.users, 1000);
  return {
    users,
    runs: readCount("--runs", values.runs, 1),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (users >= 20_000 ? "bench/RESULTS.md" : null),
  };
}

const configOf = (dkim: object) => ({
  ...{ host: "127.0.0.1", port: sinkPort, security: "none", fromEmail: "news@shop.example" },
  ...{ bounceDomain: "bounce.shop.example", connections: 20, messagesPerConnection: 1000, ...dkim },
});

const words =
  "<p>New shoes have come, and they are red, blue and green; all of them are made nearby.</p>".repeat(4);

/** Some 10 kB of HTML with four links that are counted, as letters of shops have them. */
const draft: Draft = {
  ...{ channel: "email", target: {} },
  content: {
    ...{ content: "", subject: "For {{user.first_name}}", preheader: "Only today" },
    email: {
      format: "design",
      design: {
        theme: {},
        blocks: [
          {
            id: "a",
            kind: "heading",
            text: "Hi {{user.first_name}}, your {{user.plan}} plan has {{user.points}} points",
          },
          ...["b", "c", "d"].map((id) => ({
            ...{ id, kind: "text", html: `${words}<p><a href="https://shop.example/${id}">More</a></p>` },
          })),
          { id: "e", kind: "button", label: "Look", url: "https://shop.example/all" },
          { id: "f", kind: "footer", html: "<p>Shop</p>", unsubscribe: "Leave", preferences: "Choose" },
        ],
      },
    },
  },
};

/** Postfix's own measure: a server of SMTP that takes everything and keeps nothing. */
async function startSink(run: Run): Promise<void> {
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const sink = spawn("smtp-sink", [...user, `127.0.0.1:${sinkPort}`, "1000"], {
    ...{ stdio: "ignore", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } },
  });
  let failure: Error | null = null;
  sink.on("error", (error) => {
    failure = error;
  });
  run.later(async () => void sink.kill());
  for (let tries = 0; tries < 50; tries++) {
    if (failure) break;
    if (await isListening()) return;
    await pause(100);
  }
  throw new Failure(
    `smtp-sink does not listen on ${sinkPort}; it comes with Postfix: apt-get install postfix`,
  );
}

const isListening = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(sinkPort, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

function report(options: Options, machine: string, figures: readonly (readonly [string, Sent[]])[]): string {
  const of = (list: Sent[], pick: (sent: Sent) => number) => median(list.map(pick));
  const [unsigned = 0, signed = 0] = figures.map(([, list]) => of(list, (sent) => sent.perSecond));
  const verdict = (value: number, goal: number) =>
    `≥ ${number(goal)}/s: ${value >= goal ? "met" : "NOT MET"} (${number(value)})`;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    `\`npm run bench email -- --users ${options.users} --runs ${options.runs} --seed ${options.seed}\`: a letter of 10 kB with three variables and four counted links to ${number(options.users)} users, a row each, over 20 connections into Postfix's smtp-sink on the same machine, by one worker.`,
    "",
    table(
      [
        "mails",
        "mails/s (median)",
        "each run",
        "CPU of the product, µs a mail",
        "WAL, bytes a mail",
        "worker, MB",
      ],
      figures.map(([what, list]) => [
        ...[what, number(of(list, (sent) => sent.perSecond))],
        list.map((sent) => number(sent.perSecond)).join(", "),
        ...[number(of(list, (sent) => sent.cpuPerMessageUs)), number(of(list, (sent) => sent.walPerMessage))],
        number(of(list, (sent) => sent.workerBytes) / 2 ** 20),
      ]),
    ),
    "",
    `Goals: unsigned ${verdict(unsigned, goals.unsigned)}, signed ${verdict(signed, goals.signed)}. What limits both is the one core that the worker's JavaScript has: filling in 10 kB and its links, and a conversation of five turns a mail. Signatures (0.6 to 0.8 ms of RSA each) are made by node's threads on the other core, where the database and the sink are.`,
  ].join("\n");
}
