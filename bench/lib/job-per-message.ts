import { Logger, makeWorkerUtils, run as runQueue } from "graphile-worker";
import pg from "pg";
import { Pool as HttpPool } from "undici";
import { userKey } from "../../server/lib/keys.ts";
import { readTemplate, renderTemplate } from "../../server/templates/render.ts";
import { variablesOf } from "../../server/templates/variables.ts";
import type { Product } from "./product.ts";
import type { Run } from "./run.ts";

// What most do: every message is a job of its own on the queue that we use for other things.

const appId = "bench-shop";
const schema = "bench_jobs";
const atOnce = 64;
const enqueuedAtOnce = 1_000;

/** Enqueues so many messages and works through them; messages a second from the first job to the last row. */
export async function measureJobPerMessage(
  run: Run,
  product: Product,
  { url, messages, text }: { url: string; messages: number; text: string },
): Promise<{ perSecond: number; messages: number }> {
  const pool = new pg.Pool({ connectionString: product.databaseUrl, max: 16 });
  // The queue adds handlers of its own to one that is there.
  pool.on("error", () => {});
  run.later(() => pool.end());
  const template = readTemplate(text);
  if (!template.ok) throw new Error(template.detail);
  const { origin, pathname } = new URL(url);
  const http = new HttpPool(origin, { connections: atOnce });
  run.later(() => http.close());
  await pool.query(
    `create table if not exists bench_sent (user_id text primary key, provider_id text, sent_at timestamptz)`,
  );

  let done = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const send = async (payload: unknown) => {
    const { userId } = payload as { userId: string };
    const { rows } = await pool.query(
      "select user_id, email, phone, attributes from users where app_key = 1 and user_key = $1",
      [userKey(appId, userId)],
    );
    const [user] = rows;
    const content = renderTemplate(
      template.value,
      variablesOf({ userId, email: user.email, phone: user.phone, attributes: user.attributes }),
    );
    const { body } = await http.request({
      ...{ method: "POST", path: pathname, headers: { "content-type": "application/json" } },
      body: JSON.stringify({
        to: user.phone,
        text: content.ok ? content.value : "",
        deliveryId: `job-${userId}`,
      }),
    });
    const answer = (await body.json()) as { id: string };
    await pool.query("insert into bench_sent values ($1, $2, now())", [userId, answer.id]);
    done += 1;
    if (done === messages) finish();
  };
  const runner = await runQueue({
    ...{ pgPool: pool, schema, concurrency: atOnce, noHandleSignals: true, pollInterval: 1_000 },
    logger: new Logger(() => () => {}),
    taskList: { send },
  });
  const queue = await makeWorkerUtils({ pgPool: pool, schema });
  const begun = performance.now();
  for (let from = 1; from <= messages; from += enqueuedAtOnce) {
    const jobs = Array.from({ length: Math.min(enqueuedAtOnce, messages - from + 1) }, (_, index) => ({
      ...{ identifier: "send", payload: { userId: `user-${from + index}` } },
    }));
    await queue.addJobs(jobs);
  }
  await finished;
  const perSecond = (messages * 1000) / (performance.now() - begun);
  await runner.stop();
  await queue.release();
  return { perSecond, messages };
}
