import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import type pg from "pg";
import { pause } from "../../server/lib/processes.ts";
import type { MessageReport } from "../../server/messages/schema.ts";
import { untilIdle, withClient } from "./database.ts";
import { accessToken, type Product } from "./product.ts";
import { Failure, type Run } from "./run.ts";
import { number } from "./statistics.ts";
import type { UsageMeter } from "./usage.ts";

/** Asks the API of the product; throws with its answer when it refuses. */
export async function ask<T>(product: Product, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${product.url}/api${path}`, {
    method,
    headers: { "x-access-token": accessToken, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Failure(`${method} ${path} answered ${response.status}: ${text}`);
  return (text ? JSON.parse(text) : null) as T;
}

/** What a campaign took from its launch to its end. */
export interface Sent {
  readonly recipients: number;
  readonly perSecond: number;
  /** From the request to launch to the first that has a row, and to the frozen audience. */
  readonly firstOutMs: number;
  readonly expansionPerSecond: number;
  readonly walPerMessage: number;
  readonly workerBytes: number;
  readonly cpuPerMessageUs: number;
}

/** A campaign as it is drafted: its audience, and what it says. */
export interface Draft {
  readonly channel: string;
  readonly content: object;
  readonly target: unknown;
}

/** Drafts and launches a campaign; answers the id of its message. */
export async function launch(product: Product, draft: Draft): Promise<string> {
  const { id } = await ask<{ id: string }>(product, "POST", "/campaigns", { name: "Bench", ...draft });
  const launched = await ask<{ message: { id: string } }>(product, "POST", `/campaigns/${id}/launch`);
  return launched.message.id;
}

const messageOf = (product: Product, id: string) => ask<MessageReport>(product, "GET", `/messages/${id}`);

/** Waits until a message is so. */
export async function untilMessage(
  product: Product,
  id: string,
  passes: (message: MessageReport) => boolean,
  everyMs = 100,
): Promise<MessageReport> {
  for (;;) {
    const message = await messageOf(product, id);
    if (passes(message)) return message;
    await pause(everyMs);
  }
}

/** One campaign from its launch to its end; `check` looks at what became of it. */
export async function broadcast(
  { product, run, usage }: { product: Product; run: Run; usage: UsageMeter },
  draft: Draft,
  check: (message: MessageReport) => void,
): Promise<Sent> {
  return withClient(product.databaseUrl, async (client) => {
    await untilIdle(client);
    const walBefore = await walPosition(client);
    usage.begin();
    const begun = performance.now();
    const id = await launch(product, draft);
    const firstOutMs = await untilFirstOut(client, id, begun);
    const message = await untilMessage(product, id, ({ status }) => status === "finished");
    const seconds = (performance.now() - begun) / 1000;
    const wal = (await walPosition(client)) - walBefore;
    check(message);
    const recipients = message.counts.targeted;
    const used = usage.read();
    const cpu = Object.values(used.cpuSeconds).reduce((sum, value) => sum + value, 0);
    const frozenMs = Date.parse(message.frozenAt ?? "") - Date.parse(message.createdAt);
    const figures = {
      recipients,
      perSecond: recipients / seconds,
      firstOutMs,
      expansionPerSecond: (recipients * 1000) / Math.max(frozenMs, 1),
      walPerMessage: wal / recipients,
      workerBytes: used.peakBytes.worker,
      cpuPerMessageUs: (cpu * 1e6) / recipients,
    };
    run.say(
      `  ${number(figures.perSecond)} messages/s, first out after ${number(firstOutMs)} ms, ${number(figures.walPerMessage)} bytes of WAL each`,
    );
    return figures;
  });
}

/** The same campaign some times over; everybody in it has to be sent to. */
export const broadcasts = (
  bench: { product: Product; run: Run; usage: UsageMeter },
  draft: Draft,
  times: number,
): Promise<Sent[]> =>
  repeated(times, () =>
    broadcast(bench, draft, ({ counts }) =>
      assert.equal(counts.sent, counts.targeted, JSON.stringify(counts)),
    ),
  );

/** Milliseconds since `begun` until the first recipient has a row. */
export async function untilFirstOut(client: pg.Client, id: string, begun: number): Promise<number> {
  for (;;) {
    const { rowCount } = await client.query("select from deliveries where message_id = $1 limit 1", [id]);
    if (rowCount) return performance.now() - begun;
    await pause(5);
  }
}

async function walPosition(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ position: string }>(
    "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as position",
  );
  return Number(rows[0]?.position);
}

export async function repeated<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const figures: T[] = [];
  for (let index = 0; index < times; index++) figures.push(await measure());
  return figures;
}
