// `npm run torture realtime`: broadcasts to connected devices, each a client SDK, while the api role or the broker is
// killed. Afterwards every device has shown every message once, and every state says so.
import assert from "node:assert/strict";
import { ask, untilMessage } from "../bench/lib/campaign.ts";
import { makeFolder } from "../bench/lib/folder.ts";
import { accessToken, type Product, startProduct } from "../bench/lib/product.ts";
import { createRandom } from "../bench/lib/random.ts";
import type { Run } from "../bench/lib/run.ts";
import { number } from "../bench/lib/statistics.ts";
import { readArguments, readCount, UsageError } from "../server/cli/arguments.ts";
import { pause, signalProcess } from "../server/lib/processes.ts";
import { freePort, startMosquitto } from "../server/testing/mosquitto.ts";

const patienceMs = 120_000;

/** What is used here of the SDK, which is taken as it was built. */
interface Client {
  register(): Promise<unknown>;
  on(name: "message", listener: (message: { content: string }) => void): void;
  on(name: "error", listener: () => void): void;
  close(): Promise<void>;
}

const { Chapar } = (await import(new URL("../dist/sdk/chapar-node.js", import.meta.url).href)) as {
  Chapar: new (settings: { url: string; publicKey: string }, options: { realtime: boolean }) => Client;
};

export async function run(run: Run): Promise<void> {
  const { values } = readArguments(run.args, {
    devices: { type: "string", default: "1000" },
    runs: { type: "string", default: "5" },
    broker: { type: "string", default: "embedded" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  });
  const devices = readCount("--devices", values.devices, 1);
  const runs = readCount("--runs", values.runs, 1);
  const seed = readCount("--seed", values.seed, 0);
  if (values.broker !== "embedded" && values.broker !== "mosquitto")
    throw new UsageError(`--broker must be embedded or mosquitto, not "${values.broker}"`);
  run.say(`--seed ${seed}`);
  const random = createRandom(seed);
  const mosquitto = values.broker === "mosquitto" ? await startMosquitto() : null;
  if (mosquitto) run.later(() => mosquitto.remove());
  const product = await startProduct(run, makeFolder(run), {
    // Devices find it where it was.
    ...{ PORT: String(await freePort()), MQTT_PORT: String(await freePort()) },
    ...{ NEW_DEVICES_PER_MINUTE: "100000", MQTT_CONNECT_RATE: "1000" },
    ...(mosquitto ? { MQTT_URL: mosquitto.url, MQTT_ACCESS: "dynamic-security" } : {}),
  });
  const { key } = await ask<{ key: string }>(product, "POST", "/public-keys", {
    name: "Torture",
    origins: [],
  });
  run.say(`Connecting ${number(devices)} devices …`);
  const shown = await connectAll(run, product, key, devices);
  await untilConnected(product, devices);

  const sent: string[] = [];
  for (let round = 1; round <= runs; round++) {
    const content = `Broadcast ${round}`;
    sent.push(content);
    const id = await broadcast(product, content);
    await pause(random.next() * 400);
    if (mosquitto) {
      await mosquitto.kill();
      await pause(random.next() * 2_000);
      await mosquitto.start();
    } else {
      signalProcess(product.parts.api, "SIGKILL");
      await product.exited;
      await product.start();
    }
    const { counts } = await untilMessage(product, id, (message) => message.counts.delivered >= devices);
    assert.equal(counts.delivered, devices, JSON.stringify(counts));
    assert.equal(counts.targeted, devices, JSON.stringify(counts));
    const wrong = shown.filter((contents) => contents.join() !== sent.join());
    assert.deepEqual(
      wrong[0] ?? [],
      [],
      `${wrong.length} devices were shown something else than ${sent.join()}`,
    );
    run.say(`  ${round}: shown once on each of ${number(devices)}, and all are delivered`);
  }
  process.stdout.write(
    `\n${runs} broadcasts to ${number(devices)} devices, the ${mosquitto ? "Mosquitto" : "api role"} killed in the middle of each: every message came to every device, was shown once, and is delivered in the report. --seed ${seed}\n`,
  );
}

/** Devices with what each has shown, in its order. */
async function connectAll(run: Run, product: Product, publicKey: string, count: number): Promise<string[][]> {
  const shown: string[][] = [];
  const clients: Client[] = [];
  run.later(async () => {
    for (const client of clients) await client.close();
  });
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let index = next++; index < count; index = next++) {
        const contents: string[] = [];
        shown[index] = contents;
        const client = new Chapar({ url: product.url, publicKey }, { realtime: true });
        client.on("message", ({ content }) => contents.push(content));
        client.on("error", () => {});
        clients.push(client);
        await client.register();
      }
    }),
  );
  return shown;
}

async function untilConnected(product: Product, count: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const metrics = await (await fetch(`${product.url}/metrics`)).text();
    const connected = Number(/^chapar_connected_devices (\d+)/m.exec(metrics)?.[1] ?? 0);
    if (connected >= count) return;
    assert.ok(Date.now() < deadline, `only ${connected} of ${count} devices are connected`);
    await pause(200);
  }
}

async function broadcast(product: Product, content: string): Promise<string> {
  const response = await fetch(`${product.url}/api/push/toUsers`, {
    ...{ method: "POST", body: JSON.stringify({ user: "*", content }) },
    headers: { "content-type": "application/json", "x-access-token": accessToken },
  });
  assert.equal(response.status, 200, await response.text());
  return response.headers.get("x-push-id") ?? "";
}
