import pg from "pg";

/**
 * Takes a lock that one process of the whole installation may hold, on a connection of its own: it is free again the
 * moment its holder dies. Waits `waitMs` for a holder that is just going; null when it stays taken.
 */
export async function holdLock(
  url: string,
  lock: number,
  waitMs: number,
): Promise<{ release(): Promise<void> } | null> {
  const client = new pg.Client({ connectionString: url, application_name: "chapar lock" });
  client.on("error", () => {});
  await client.connect();
  const deadline = Date.now() + waitMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
      lock,
    ]);
    if (rows[0]?.taken) return { release: () => client.end() };
    if (Date.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await client.end();
  return null;
}
