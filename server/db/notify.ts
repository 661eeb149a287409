import type pg from "pg";
import sql from "sql-template-tag";
import type { Database, Queryable } from "./database.ts";

/** Tells every process that listens, after the caller's transaction commits. A hint: who misses it finds out by polling. */
export async function notify(db: Queryable, channel: string, payload = ""): Promise<void> {
  await db.query(sql`select pg_notify(${channel}, ${payload})`);
}

/** The same of several hints, in one statement. */
export async function notifyAll(
  db: Queryable,
  hints: readonly { channel: string; payload?: string }[],
): Promise<void> {
  await db.query(sql`
    select pg_notify(channel, payload)
    from unnest(
      ${hints.map(({ channel }) => channel)}::text[], ${hints.map(({ payload = "" }) => payload)}::text[]
    ) as h (channel, payload)`);
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

/** Hints that may come a moment late and get lost with a crash, each said once however often it was given. */
export interface Hints {
  give(channel: string, payload: string): void;
  /** Says what is left. */
  stop(): Promise<void>;
}

const hintEveryMs = 200;

/**
 * Commits that notify wait for each other, with their writes to disk (https://www.postgresql.org/docs/current/sql-notify.html:
 * one lock for the order of notifications). What is many a second is given here instead, after its commit.
 */
export function createHints(db: Database, onError: (error: unknown) => void): Hints {
  const given = new Map<string, { channel: string; payload: string }>();
  let timer: NodeJS.Timeout | undefined;
  const say = async (): Promise<void> => {
    timer = undefined;
    const hints = [...given.values()];
    given.clear();
    await notifyAll(db, hints);
  };
  return {
    give(channel, payload) {
      given.set(`${channel} ${payload}`, { channel, payload });
      timer ??= setTimeout(() => void say().catch(onError), hintEveryMs);
    },
    async stop() {
      clearTimeout(timer);
      if (given.size > 0) await say().catch(onError);
    },
  };
}
