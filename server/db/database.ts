import pg from "pg";
import type { Sql } from "sql-template-tag";

/** Something that runs SQL: the pool, or one connection inside a transaction. Every query function takes it first. */
export interface Queryable {
  query<R extends pg.QueryResultRow>(statement: Sql): Promise<pg.QueryResult<R>>;
  /** What this process knows of the database by heart, by the name of what it is: the same in all its transactions. */
  readonly memory: Map<string, unknown>;
}

/** A connection inside a transaction; also what COPY needs. */
export interface Transaction extends Queryable {
  readonly client: pg.PoolClient;
}

/** The database seam: a pool, and transactions on it. */
export interface Database extends Queryable {
  readonly pool: pg.Pool;
  /** Where it is: for a thread that needs connections of its own. */
  readonly url: string;
  /**
   * Runs `work` in one transaction and commits. Anything thrown rolls back. A deadlock or serialization failure is
   * tried again (up to 5 times), so `work` must keep its effects inside the transaction.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * The same, answered before it is on the disk: for what a crash may undo as a whole, because it is done again then.
   * https://www.postgresql.org/docs/current/wal-async-commit.html
   */
  quickTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const deadlockDetected = "40P01";
const serializationFailure = "40001";
const attempts = 5;

// bigint (counts) fits a double up to 2^53, which no counter of ours reaches; uuid[] and text[] parse by default.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool. `url` may name a Unix socket folder as the host (`postgres://user:pw@%2Ftmp%2Fx/db`). */
export function openDatabase(
  url: string,
  options: { connections: number; name: string; onError: (error: Error) => void },
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections,
    application_name: options.name,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  });
  pool.on("error", options.onError);
  // An idle client that is checked out has its own 'error' event; without a listener a restarted server kills us.
  pool.on("connect", (client) => client.on("error", options.onError));
  const memory = new Map<string, unknown>();
  const quick = "begin; set local synchronous_commit = off";

  return {
    pool,
    url,
    memory,
    query: (statement) => pool.query(statement),
    transaction: (work) => withClient({ pool, memory }, work, "begin"),
    quickTransaction: (work) => withClient({ pool, memory }, work, quick),
    close: () => pool.end(),
  };
}

/** One connection, for who keeps something in it between transactions: temporary tables. */
export interface Session extends Pick<Database, "query" | "memory" | "transaction"> {
  /** Closes the connection, and with it all that was kept. */
  end(): void;
}

export async function openSession(db: Database): Promise<Session> {
  const client = await db.pool.connect();
  const { memory } = db;
  return {
    memory,
    query: (statement) => client.query(statement),
    transaction: (work) => inTransaction({ client, memory }, work, "begin", () => {}),
    end: () => client.release(true),
  };
}

async function withClient<T>(
  { pool, memory }: Pick<Database, "pool" | "memory">,
  work: (tx: Transaction) => Promise<T>,
  begin: string,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await inTransaction({ client, memory }, work, begin, (failure) => {
      broken = failure;
    });
  } finally {
    client.release(broken);
  }
}

async function inTransaction<T>(
  { client, memory }: Pick<Transaction, "client" | "memory">,
  work: (tx: Transaction) => Promise<T>,
  begin: string,
  onBroken: (failure: Error) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(begin);
      const result = await work({ client, memory, query: (statement) => client.query(statement) });
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(onBroken);
      if (attempt < attempts && isRepeatable(error)) continue;
      throw error;
    }
  }
}

/** Runs `work` on a small pool of its own: for what happens once, beside or before the roles. */
export async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url, { connections: 2, name: "chapar command", onError: () => {} });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function isRepeatable(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError &&
    (error.code === deadlockDetected || error.code === serializationFailure)
  );
}
