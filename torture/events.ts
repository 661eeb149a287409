// `npm run torture events`: what was answered while everything was killed again and again must be there, each event once.
import { Agent, request } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { withClient } from "../bench/lib/database.ts";
import { makeFolder } from "../bench/lib/folder.ts";
import { accessToken, type Product, startProduct } from "../bench/lib/product.ts";
import { createRandom, type Random } from "../bench/lib/random.ts";
import { Failure, type Run } from "../bench/lib/run.ts";
import { number } from "../bench/lib/statistics.ts";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause, signalProcess } from "../server/lib/processes.ts";

const lanes = 6;
const bulkSize = 200;
const users = 500;
const names = ["view", "addToCart", "purchase"];

/** An event as it is sent, whole numbers in it so that sums are exact in whatever order. */
interface Sent {
  userId: string;
  eventName: string;
  eventId: string;
  eventTime: number;
  eventData: { value: number };
}

export async function run(run: Run): Promise<void> {
  const { values } = readArguments(run.args, {
    kills: { type: "string", default: "5" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  });
  const kills = readCount("--kills", values.kills, 1);
  const seed = readCount("--seed", values.seed, 0);
  run.say(`--seed ${seed}`);
  const random = createRandom(seed);
  const product = await startProduct(run, makeFolder(run));

  const state = { isUp: true, isEnding: false, answered: [] as Sent[], repeated: 0 };
  const working = Array.from({ length: lanes }, (_, lane) => send(product, random, state, lane));
  for (let kill = 1; kill <= kills; kill++) {
    await pause(1_000 + random.next() * 3_000);
    state.isUp = false;
    // The database dies by itself in every other round; what is left of the product then stops.
    if (kill % 2 === 0) signalProcess(product.parts.postmaster, "SIGKILL");
    else await product.kill();
    if (!(await product.isGoneWithin(60_000)))
      throw new Failure(`The product outlived its database. Seed ${seed}`);
    run.say(`Kill ${kill} of ${kills}, after ${number(state.answered.length)} events`);
    await product.start();
    state.isUp = true;
  }
  await pause(1_000);
  state.isEnding = true;
  await Promise.all(working);
  await check(product, state.answered, seed);
  process.stdout.write(
    `\n${number(state.answered.length)} events were answered, ${number(state.repeated)} calls were sent again. Nothing lost, nothing twice.\n`,
  );
}

/** Sends until the end; a call that was not answered is sent again until it is. */
async function send(
  product: Product,
  random: Random,
  state: { isUp: boolean; isEnding: boolean; answered: Sent[]; repeated: number },
  lane: number,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let call = 0; !state.isEnding; call++) {
    // Every other lane sends one by one.
    const events = Array.from({ length: lane % 2 === 0 ? bulkSize : 1 }, (_, index) =>
      anyEvent(random, `${lane}-${call}-${index}`),
    );
    for (;;) {
      while (!state.isUp) await pause(20);
      const isStored = await post(agent, product, events).catch(() => false);
      if (isStored) break;
      state.repeated++;
      await pause(20);
    }
    state.answered.push(...events);
  }
  agent.destroy();
}

const anyEvent = (random: Random, eventId: string): Sent => ({
  ...{ userId: `user-${Math.floor(random.next() * users)}`, eventId },
  eventName: names[Math.floor(random.next() * names.length)] ?? "view",
  eventTime: Date.now() - Math.floor(random.next() * 86_400_000),
  eventData: { value: Math.floor(random.next() * 1_000) },
});

/** Whether all of them are stored; a refusal is a fault of this bench or of the product. */
function post(agent: Agent, product: Product, events: readonly Sent[]): Promise<boolean> {
  const isBulk = events.length > 1;
  const body = JSON.stringify(isBulk ? events : events[0]);
  const headers = { "content-type": "application/json", "x-access-token": accessToken };
  const url = `${product.url}/api/installations/${isBulk ? "trackBulk" : "track"}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers, timeout: 30_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) return resolve(false);
        resolve(JSON.parse(text).n === events.length);
      });
    });
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.end(body);
  });
}

/** Timeline, behaviours and counters against a fold of what was answered. */
async function check(product: Product, answered: readonly Sent[], seed: number): Promise<void> {
  const expected = new Map<string, { count: number; sum: number; last: number }>();
  for (const { userId, eventName, eventTime, eventData } of answered) {
    const key = `${userId} ${eventName}`;
    const before = expected.get(key) ?? { count: 0, sum: 0, last: 0 };
    expected.set(key, {
      count: before.count + 1,
      sum: before.sum + eventData.value,
      last: Math.max(before.last, eventTime),
    });
  }
  await withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query(`
      select u.user_id || ' ' || b.name as key, b.count, b.value_sum as sum,
        (extract(epoch from b.last_at) * 1000)::float8 as last
      from behaviours b join users u using (app_key, user_key)`);
    const found = new Map(rows.map(({ key, ...row }) => [key, row]));
    const wrong = [...expected].filter(([key, row]) => !isDeepStrictEqual(found.get(key), row));
    if (wrong.length > 0 || found.size !== expected.size) {
      const [key, row] = wrong[0] ?? [];
      throw new Failure(
        `${wrong.length} of ${expected.size} behaviours are wrong (${found.size} are there): ${key} is ${JSON.stringify(found.get(key))} and not ${JSON.stringify(row)}.\nRepeat it with --seed ${seed}`,
      );
    }
    const { rows: sums } = await client.query(`
      select (select count(*) from events)::integer as events, (select count(*) from event_ids)::integer as ids,
        (select sum(count) from event_counters)::integer as counted`);
    const all = answered.length;
    if (!isDeepStrictEqual(sums[0], { events: all, ids: all, counted: all })) {
      throw new Failure(
        `${all} events were answered, and stored were ${JSON.stringify(sums[0])}. Seed ${seed}`,
      );
    }
  });
}
