import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { type Config, readConfig } from "../config.ts";
import { checkDatabase } from "../db/check.ts";
import { withDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { freeAllWorkers } from "../jobs/queries.ts";
import { StartError } from "../lib/start-error.ts";
import { freeAllChunks } from "../messages/queries/claims.ts";
import { prepareFirstRun } from "../signin/first-run.ts";
import { announceFirstRun } from "../supervisor/announce.ts";
import type { Role } from "../supervisor/messages.ts";
import { type Running, runAlone, runSupervised } from "../supervisor/role.ts";
import { type Prepared, supervise } from "../supervisor.ts";
import type { DemoShop } from "../testing/demo-shop.ts";
import { readArguments, UsageError } from "./arguments.ts";

/** `chapar start [--role api|worker|all] [--demo]`. Resolves with the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    role: { type: "string", default: "all" },
    demo: { type: "boolean", default: false },
  });
  // What the demo sends to is on this machine.
  const shop = values.demo ? await (await import("../testing/demo-shop.ts")).startDemoShop() : null;
  const config = shop
    ? { ...readConfig(), allowsPrivateAddresses: true, demoBackendUrl: shop.url }
    : readConfig();
  switch (values.role) {
    case "all":
      return supervise({
        config,
        // Sources under tsx, or the build: the file beside this one has the same ending.
        entry: fileURLToPath(
          new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js", import.meta.url),
        ),
        migrate,
        freeAll: async (db) => {
          await freeAllWorkers(db);
          await freeAllChunks(db);
        },
        prepare: prepareFirstRun,
        afterStart: shop && ((url, accessToken) => runDemo(shop, url, accessToken)),
        print: (line) => process.stdout.write(`${line}\n`),
      });
    case "api":
    case "worker":
      return startRole(values.role, config);
    default:
      throw new UsageError(`--role must be api, worker or all, not "${values.role}"`);
  }
}

/**
 * How far V8 lets the heap grow before it collects, beyond what was in use after the last time, in percent. Left to
 * itself it takes up to four times as much on a machine with memory to spare, most of it garbage. An engine that does
 * not know the flag says so and goes on.
 */
const heapGrowth = "--heap-growing-percent=75";

/** After the start itself, which others wait for. */
const warmUpAfterMs = 1_000;

async function startRole(role: Role, config: Config): Promise<number> {
  setFlagsFromString(heapGrowth);
  const { databaseUrl, secretKey } = config;
  if (!databaseUrl || !secretKey) {
    throw new StartError(
      `--role ${role} needs DATABASE_URL and SECRET_KEY: the embedded database belongs to "chapar start" without a role.`,
    );
  }
  const roleConfig = { ...config, databaseUrl, secretKey };
  // Loaded where it is needed: the supervisor starts in half the time without the roles, the worker without the web.
  const run = async (): Promise<Running> => {
    const running =
      role === "api"
        ? await (await import("../app.ts")).startApi(roleConfig)
        : await (await import("../app-worker.ts")).startWorker(roleConfig);
    // Whoever needs it earlier loads it then, and hears of what is wrong with it.
    setTimeout(() => running.warmUp?.().catch(() => {}), warmUpAfterMs).unref();
    return running;
  };
  if (config.isSupervised) return runSupervised(run);

  await checkDatabase(databaseUrl);
  const directUrl = config.databaseDirectUrl ?? databaseUrl;
  await withDatabase(directUrl, migrate);
  await runAlone(async () => {
    const running = await run();
    // Only the api can tell anybody about a first sign-in.
    if (role === "api") {
      const prepared = await withDatabase(directUrl, (db) => prepareFirstRun(db, roleConfig));
      announceAlone(prepared, config.publicUrl ?? running.url);
    }
    return running;
  });
  return 0;
}

/** To stderr: stdout carries the log. */
function announceAlone(prepared: Prepared, panel: string): void {
  const { appId, newAccessToken, signInCode } = prepared;
  if (!newAccessToken && !signInCode) return;
  const signIn = signInCode && `${panel}/welcome#code=${signInCode}`;
  const lines = announceFirstRun({ panel, signIn, appId, accessToken: newAccessToken }, null, null);
  process.stderr.write(`${lines.join("\n")}\n`);
}

async function runDemo(shop: DemoShop, url: string, accessToken: string): Promise<void> {
  const { startDemo } = await import("../testing/demo.ts");
  await shop.connect({ url, accessToken });
  await startDemo(url, accessToken);
  process.stdout.write(`\n  The demo shop:     ${url}/demo\n`);
}
