import { randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import { type RoleConfig, type Running, startApi } from "../app.ts";
import { startWorker } from "../app-worker.ts";
import { readConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { prepareFirstRun } from "../signin/first-run.ts";
import { makeTestDatabase } from "./database.ts";

/** The running product over an empty database: an api and a worker role in this process, on free ports. */
export interface TestProduct {
  readonly url: string;
  readonly appId: string;
  readonly accessToken: string;
  readonly signInLink: string;
  readonly mqttPort: number;
  /** Null without BOUNCE_PORT. */
  readonly bouncePort: number | null;
  readonly db: Database;
  readonly config: RoleConfig;
  /** Calls the API with the access token; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/**
 * Starts a product for a test, with what else its environment says; it stops with the test, or by `stop()` when no test
 * is given.
 */
export async function startTestProduct(
  t?: TestContext,
  environment: Record<string, string> = {},
  /** Which port the worker reaches the broker by, where that is not its own. */
  brokerPortOf: (mqttPort: number) => Promise<number> = async (mqttPort) => mqttPort,
): Promise<TestProduct> {
  const { url: databaseUrl, db, drop } = await makeTestDatabase();
  const config: RoleConfig = {
    ...readConfig({
      ...{
        PORT: "0",
        MQTT_PORT: "0",
        HOST: "127.0.0.1",
        APP_ID: "demo-shop",
        LOG_LEVEL: process.env.TEST_LOG ?? "fatal",
      },
      // Stand-ins for providers are on this machine.
      ALLOW_PRIVATE_ADDRESSES: "true",
      ...environment,
    }),
    databaseUrl,
    secretKey: randomBytes(32).toString("hex"),
  };
  const running: Running[] = [];
  const stop = async () => {
    for (const role of running.splice(0).reverse()) await role.stop();
    await drop();
  };
  t?.after(stop);
  const start = async () => {
    const first = await prepareFirstRun(db, config);
    const api = await startApi(config);
    running.push(api);
    const mqttPort = await brokerPortOf(api.mqttPort ?? 0);
    running.push(await startWorker({ ...config, port: api.port, mqttPort }));
    return { first, api };
  };
  // What did start must not keep the test's process alive.
  const { first, api } = await start().catch(async (error) => {
    if (!t) await stop();
    throw error;
  });
  const accessToken = first.newAccessToken ?? "";
  // Wherever links in messages lead.
  const url = `http://localhost:${api.port}`;
  return {
    url,
    appId: first.appId,
    accessToken,
    signInLink: `${url}/welcome#code=${first.signInCode}`,
    mqttPort: api.mqttPort ?? 0,
    bouncePort: api.bouncePort ?? null,
    db,
    config,
    stop,
    call: (method, path, body) => call(`${url}${path}`, method, { "x-access-token": accessToken }, body),
  };
}

/** One HTTP call; JSON answers are parsed, others are text. */
export async function call(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text,
  };
}

/** Asks until the answer passes, at most `ms`; then fails with the last answer. */
export async function until<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
  ms = 15_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
