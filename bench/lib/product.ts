import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findRunning } from "../../server/db/embedded.ts";
import { choosePlace } from "../../server/db/embedded-place.ts";
import { pause, processGone, signalProcess } from "../../server/lib/processes.ts";
import { processesOn } from "../../server/testing/product-process.ts";
import { Failure, type Run } from "./run.ts";

export const accessToken = "a-token-for-benches-and-torture-01";
const appId = "bench-shop";
const program = fileURLToPath(new URL("../../dist/server/main.js", import.meta.url));
const patienceMs = 120_000; // a start that recovers gigabytes of WAL, a stop that writes them

/** Process ids of the product's parts. */
export interface Parts {
  readonly supervisor: number;
  readonly api: number;
  readonly worker: number;
  readonly postmaster: number;
  readonly watchdog: number;
}

/** The built product as `chapar start` runs it, on a data directory of its own. Reached over HTTP and its database. */
export interface Product {
  readonly dataDir: string;
  /** Another one after each start. */
  readonly url: string;
  /** A superuser's. */
  readonly databaseUrl: string;
  readonly parts: Parts;
  /** Starts it again after it stopped. */
  start(): Promise<void>;
  /** Resolves when the supervisor has ended. */
  readonly exited: Promise<void>;
  /** Whether it ended within that time. */
  isGoneWithin(milliseconds: number): Promise<boolean>;
  /** Everything at once, as the machine's loss would; waits until nothing of it runs. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** What the supervisor printed. */
  output(): string;
}

/** Starts a product in this folder, with options as `--demo`; it is stopped at the end of the run if nobody did before. */
export async function startProduct(
  run: Run,
  folder: string,
  environment: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<Product> {
  const product = prepareProduct(join(folder, "data"), environment, options);
  run.later(() => product.stop());
  await product.start();
  return product;
}

function prepareProduct(
  dataDir: string,
  environment: Record<string, string>,
  options: readonly string[],
): Product {
  let child: ChildProcess | null = null;
  let exited: Promise<void> = Promise.resolve();
  let text = "";
  let url = "";
  let databaseUrl = "";
  let parts: Parts | null = null;

  async function start(): Promise<void> {
    const started = spawnProduct(dataDir, environment, options);
    child = started;
    text = "";
    started.stdout?.on("data", (data) => (text += data));
    started.stderr?.on("data", (data) => (text += data));
    exited = new Promise((resolve) => started.once("close", () => resolve()));
    await untilPrinted(/Ctrl-C/);
    url = /Panel: (\S+)/.exec(text)?.[1] ?? "";
    databaseUrl = databaseOf(dataDir);
    parts = { supervisor: started.pid ?? 0, ...processesOn(dataDir) };
  }

  async function untilPrinted(pattern: RegExp): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!pattern.test(text)) {
      if (!isRunning() || Date.now() > deadline)
        throw new Failure(`The product did not start; it said:\n${text}`);
      await pause(20);
    }
  }

  const isRunning = () => child !== null && child.exitCode === null && child.signalCode === null;

  async function isGoneWithin(milliseconds: number): Promise<boolean> {
    return Promise.race([exited.then(() => true), pause(milliseconds).then(() => false)]);
  }

  async function kill(): Promise<void> {
    // Roles share the supervisor's group; the database has its own, and its watchdog stops it.
    if (child?.pid && isRunning()) signalProcess(-child.pid, "SIGKILL");
    await exited;
    if (parts && !(await processGone(parts.postmaster, patienceMs))) {
      throw new Failure(`The database (process ${parts.postmaster}) outlived its supervisor.`);
    }
  }

  return {
    dataDir,
    get url() {
      return url;
    },
    get databaseUrl() {
      return databaseUrl;
    },
    get parts() {
      if (!parts) throw new Error("the product was not started");
      return parts;
    },
    get exited() {
      return exited;
    },
    start,
    isGoneWithin,
    kill,
    async stop() {
      if (!isRunning()) return;
      child?.kill("SIGTERM");
      if (!(await isGoneWithin(patienceMs))) await kill();
    },
    output: () => text,
  };
}

function spawnProduct(
  dataDir: string,
  environment: Record<string, string>,
  options: readonly string[],
): ChildProcess {
  return spawn(process.execPath, [program, "start", ...options], {
    cwd: dirname(dataDir),
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: "0",
      MQTT_PORT: "0",
      HOST: "127.0.0.1",
      ACCESS_TOKEN: accessToken,
      APP_ID: appId,
      DATABASE_URL: "",
      DATABASE_DIRECT_URL: "",
      SECRET_KEY: "",
      MQTT_URL: "",
      PUBLIC_URL: "",
      // The stand-ins are on this machine.
      ALLOW_PRIVATE_ADDRESSES: "true",
      // As under npm: should we be killed, it stops by itself.
      npm_lifecycle_event: "start",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a Ctrl-C is for us: we stop it
  });
}

function databaseOf(dataDir: string): string {
  const wish = { wanted: dataDir, cloneRoot: null, homeDir: homedir(), xdgDataHome: null };
  const url = findRunning(choosePlace(wish, () => {}));
  if (!url) throw new Failure(`No database runs on ${dataDir}.`);
  return url;
}
