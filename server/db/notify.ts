import type pg from "pg";
import sql from "sql-template-tag";
import type { Database, Queryable } from "./database.ts";

/** Tells every process that listens, after the caller's transaction commits. A hint: who misses it finds out by polling. */
export async function notify(db: Queryable, channel: string, payload = ""): Promise<void> {
  await db.query(sql`select pg_notify(${channel}, ${payload})`);
}

/**
 * Listens on `channel` over a connection of its own, and connects again when it breaks. Also calls `heard("")` after
 * each reconnection, since hints may have been lost meanwhile.
 */
export function listen(db: Database, channel: string, heard: (payload: string) => void): { stop(): void } {
  let client: pg.PoolClient | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const drop = () => {
    client?.removeAllListeners("notification");
    client?.release(true);
    client = null;
  };
  const retry = () => {
    if (stopped || timer) return;
    drop();
    timer = setTimeout(() => {
      timer = undefined;
      connect().catch(retry);
    }, 500);
  };
  const connect = async () => {
    const opened = await db.pool.connect();
    if (stopped) return opened.release(true);
    client = opened;
    opened.on("notification", (message) => heard(message.payload ?? ""));
    opened.once("error", retry);
    opened.once("end", retry);
    await opened.query(`listen ${channel}`);
    heard("");
  };
  connect().catch(retry);

  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      drop();
    },
  };
}
