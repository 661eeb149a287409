// `npm run bench realtime`: what ten thousand connected devices cost, how fast a broadcast reaches and is acknowledged by
// all of them, and how long one message takes to one device.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { Pool } from "undici";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause } from "../server/lib/processes.ts";
import { ask, untilMessage } from "./lib/campaign.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { connectDevices, type DeviceLogin, type Devices } from "./lib/devices.ts";
import { makeFolder } from "./lib/folder.ts";
import { goalTable, startPace } from "./lib/goals.ts";
import { describeMachine } from "./lib/machine.ts";
import { accessToken, type Product, startProduct } from "./lib/product.ts";
import { publish } from "./lib/results.ts";
import type { Run } from "./lib/run.ts";
import { median, number, percentile } from "./lib/statistics.ts";
import { startUsageMeter, type UsageMeter } from "./lib/usage.ts";

const goals = { apiMb: 400, perSecond: 5_000, medianMs: 15, p99Ms: 100 };
const connectsPerSecond = 1_000;
const registeredAtOnce = 32;
/** Messages a second to one device each: for the median where nothing waits, and under load. */
const quietRate = 50;
const busyRate = 1_000;
/** Until V8 has compiled what it runs often, messages are not counted as fast or slow. */
const warmingUpMs = 3_000;
const connections = 64;

interface Options {
  readonly devices: number;
  readonly runs: number;
  readonly seconds: number;
  readonly results: string | null;
}

interface Bench {
  readonly run: Run;
  readonly product: Product;
  readonly devices: Devices;
  readonly usage: UsageMeter;
  readonly options: Options;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const pace = startPace(1);
  const product = await startProduct(run, makeFolder(run), { MQTT_CONNECT_RATE: "100000" });
  const usage = startUsageMeter(run, product.parts);
  const machine = await withClient(product.databaseUrl, describeMachine);
  run.say(`Registering ${number(options.devices)} devices …`);
  const logins = await register(product, options.devices);
  usage.begin();
  const begun = performance.now();
  run.say("Connecting them …");
  const devices = await connectDevices(run, logins, connectsPerSecond);
  await untilPresent(product, options.devices);
  const connectedSeconds = (performance.now() - begun) / 1000;
  await pause(5_000);
  const apiMb = usage.read().peakBytes.api / 1e6;
  run.say(`  connected in ${connectedSeconds.toFixed(1)} s; the api role has ${number(apiMb)} MB`);

  const bench = { run, product, devices, usage, options };
  const broadcasts: number[] = [];
  usage.begin();
  for (let index = 0; index < options.runs; index++) broadcasts.push(await broadcast(bench));
  const { cpuSeconds, peakBytes } = usage.read();
  const broadcastMb = peakBytes.api / 1e6;
  const cpu = (["api", "worker", "postgres"] as const).map(
    (role) => `${role} ${number((cpuSeconds[role] * 1e6) / (options.runs * options.devices))} µs`,
  );
  run.say(`${quietRate} messages a second …`);
  const quiet = await single(bench, quietRate);
  run.say(`${number(busyRate)} messages a second …`);
  const busy = await single(bench, busyRate);
  const perSecond = median(broadcasts);
  const body = [
    `${new Date().toISOString().slice(0, 10)}, ${machine}. ${number(options.devices)} devices over TCP in a process of their own on the same machine, each acknowledging what it gets. \`npm run bench realtime -- --devices ${options.devices} --runs ${options.runs} --seconds ${options.seconds}\``,
    "",
    goalTable(
      [
        {
          what: `memory of the api role with ${number(options.devices)} connected`,
          ...{ figure: apiMb, below: goals.apiMb, unit: " MB", isFixed: true },
        },
        {
          what: "broadcast to all: acknowledged deliveries, in the counters",
          ...{ figure: perSecond, atLeast: goals.perSecond, unit: "/s" },
          shown: `${number(perSecond)}/s (${broadcasts.map((rate) => number(rate)).join(", ")})`,
        },
        {
          what: `one message to one device, from the answer to its arrival, at ${quietRate}/s: median`,
          ...{ figure: quiet.median, below: goals.medianMs, unit: " ms", digits: 1 },
        },
        {
          what: `the same at ${number(busyRate)}/s: p99`,
          ...{ figure: busy.p99, below: goals.p99Ms, unit: " ms", digits: 1 },
        },
      ],
      pace(),
    ),
    "",
    `Connecting them took ${connectedSeconds.toFixed(1)} s at ${number(connectsPerSecond)} a second. At ${quietRate}/s p99 was ${quiet.p99.toFixed(1)} ms, at ${number(busyRate)}/s the median ${busy.median.toFixed(1)} ms; ${number(busy.perSecond)} a second were really sent. The api role had ${number(broadcastMb)} MB at most during the broadcasts; a delivery took ${cpu.join(", ")} of CPU.`,
  ].join("\n");
  publish(run, options.results, "realtime", body);
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    devices: { type: "string", default: "10000" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "20" },
    results: { type: "string" },
  });
  const devices = readCount("--devices", values.devices, 10);
  return {
    devices,
    runs: readCount("--runs", values.runs, 1),
    seconds: readCount("--seconds", values.seconds, 5),
    results: values.results ?? (devices >= 10_000 ? "bench/RESULTS.md" : null),
  };
}

/** Each a user's own, as apps register them. */
async function register(product: Product, count: number): Promise<DeviceLogin[]> {
  const logins: DeviceLogin[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: registeredAtOnce }, async () => {
      for (let index = next++; index < count; index = next++) {
        const { mqtt } = await ask<{ mqtt: { url: string; username: string; password: string } }>(
          product,
          "POST",
          "/installations",
          { id: `device-${index}`, userId: `user-${index}`, deviceType: "android" },
        );
        logins.push({
          port: Number(new URL(mqtt.url).port),
          username: mqtt.username,
          password: mqtt.password,
        });
      }
    }),
  );
  return logins;
}

const untilPresent = (product: Product, count: number) =>
  withClient(product.databaseUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ count: number }>(
        "select count(*)::integer as count from presence",
      );
      if (rows[0]?.count === count) return;
      await pause(100);
    }
  });

/** From the request until every device has acknowledged, as the message's own counters say. */
async function broadcast({ run, product, options }: Bench): Promise<number> {
  await withClient(product.databaseUrl, untilIdle);
  const begun = performance.now();
  const id = await sendTo(product, { user: "*", content: "To everybody" });
  const { counts } = await untilMessage(
    product,
    id,
    (message) => message.counts.delivered >= options.devices,
    50,
  );
  const seconds = (performance.now() - begun) / 1000;
  assert.equal(counts.delivered, options.devices, JSON.stringify(counts));
  run.say(`  ${number(options.devices / seconds)} acknowledged deliveries a second`);
  return options.devices / seconds;
}

async function sendTo(product: Product, body: object): Promise<string> {
  const response = await fetch(`${product.url}/api/push/toUsers`, {
    ...{ method: "POST", body: JSON.stringify(body) },
    headers: { "content-type": "application/json", "x-access-token": accessToken },
  });
  assert.equal(response.status, 200, await response.text());
  return response.headers.get("x-push-id") ?? "";
}

interface Latency {
  readonly median: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Messages to one device each, at a steady rate whatever they take; from the answer to what the device has noted. */
async function single({ product, devices, options }: Bench, perSecond: number): Promise<Latency> {
  const pool = new Pool(product.url, { connections, pipelining: 1 });
  const answered = new Map<string, number>();
  devices.watch();
  const begun = performance.now();
  const total = perSecond * options.seconds;
  const asked: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = begun + (index * 1000) / perSecond;
    if (due > performance.now()) await pause(due - performance.now());
    const isCounted = performance.now() - begun > warmingUpMs;
    asked.push(
      (async () => {
        const answer = await pool.request({
          ...{ method: "POST", path: "/api/push/toUsers" },
          body: JSON.stringify({ user: `user-${(index * 7919) % options.devices}`, content: "To you" }),
          headers: { "content-type": "application/json", "x-access-token": accessToken },
        });
        await answer.body.dump();
        const at = Date.now();
        assert.equal(answer.statusCode, 200);
        if (isCounted) answered.set(String(answer.headers["x-push-id"]), at);
      })(),
    );
  }
  await Promise.all(asked);
  const seconds = (performance.now() - begun) / 1000;
  await pause(3_000);
  const { arrivals } = await devices.report();
  await pool.close();
  const first = new Map<string, number>();
  for (const [id, at] of arrivals) first.set(id, Math.min(at, first.get(id) ?? at));
  // One that came before its answer was read took no time.
  const took = [...answered].map(([id, at]) => Math.max(0, (first.get(id) ?? Number.POSITIVE_INFINITY) - at));
  assert.ok(took.every(Number.isFinite), "a message did not come");
  return { median: median(took), p99: percentile(took, 0.99), perSecond: total / seconds };
}
