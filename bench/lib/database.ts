import pg from "pg";
import { pause } from "../../server/lib/processes.ts";
import { Failure } from "./run.ts";

/** Gives `work` a connection of its own to the product's database. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "chapar bench" });
  client.on("error", () => {}); // told by the query that fails
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

const settleMs = 300_000;

/** Waits until the server does nothing for anybody, autovacuum and ANALYZE included: what is measured next runs alone. */
export async function untilIdle(client: pg.Client): Promise<void> {
  const deadline = Date.now() + settleMs;
  for (let quiet = 0; quiet < 3; ) {
    const { rows } = await client.query<{ busy: number }>(`
      select count(*)::integer as busy
      from pg_stat_activity
      where pid <> pg_backend_pid()
        and (backend_type = 'autovacuum worker' or backend_type = 'client backend' and state <> 'idle')`);
    quiet = rows[0]?.busy === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) throw new Failure("The database does not come to rest.");
    await pause(200);
  }
}
