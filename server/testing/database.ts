import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { after, type TestContext } from "node:test";
import pg from "pg";
import { type Database, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { startThrowAwayServer } from "./server.ts";

/** A database of its own for one test: migrated, empty, dropped afterwards. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
}

const templateLock = 5_190_442; // any number, the same in every test process
let serverFound: Promise<Server> | null = null;

// Registered while the file loads, so that it belongs to the file and not to the test that happens to run.
const atEnd: (() => Promise<void>)[] = [];
after(async () => {
  for (const step of atEnd.reverse()) await step();
});

/** Runs `step` when the tests of the file are over, and before the server of a file that is run by hand stops. */
export const afterFile = (step: () => Promise<void>): void => void atEnd.push(step);

interface Server {
  readonly url: string;
  /** It ends with this process, and its databases with it. */
  readonly isOurs: boolean;
}

/**
 * Makes a database with all migrations, a copy of a template that is built once a server. It is closed and dropped
 * after `t`, or after the whole file without `t`.
 */
export async function createTestDatabase(t?: TestContext): Promise<TestDatabase> {
  const { drop, ...database } = await makeTestDatabase();
  if (t) t.after(drop);
  else atEnd.push(drop);
  return database;
}

/** As {@link createTestDatabase}, for a caller who has more to end before the database is dropped. */
export async function makeTestDatabase(): Promise<TestDatabase & { drop(): Promise<void> }> {
  serverFound ??= findServer();
  const { url: server, isOurs } = await serverFound;
  const name = `chapar_test_${randomBytes(6).toString("hex")}`;
  await administer(server, async (client) => {
    // Copying takes an exclusive look at the template: one copy at a time.
    await client.query("select pg_advisory_lock($1)", [templateLock]);
    await client.query(`create database ${name} template ${await prepareTemplate(client, server)}`);
  });
  const url = withDatabase(server, name);
  const db = openDatabase(url, { connections: 5, name: "chapar test", onError: () => {} });
  const drop = async () => {
    await db.close();
    if (isOurs) return;
    await administer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { url, db, drop };
}

/** The server of `npm test`, or one for this process when a single file is run by hand. */
async function findServer(): Promise<Server> {
  const given = process.env.CHAPAR_TEST_DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  if (given) return { url: given, isOurs: false };
  const server = await startThrowAwayServer();
  atEnd.unshift(() => server.stop());
  return { url: server.url, isOurs: true };
}

/** Builds the template unless it is there; answers its name. The caller holds the lock. */
async function prepareTemplate(client: pg.Client, server: string): Promise<string> {
  const name = `chapar_template_${migrationsHash()}`;
  const found = await client.query("select 1 from pg_database where datname = $1", [name]);
  if (found.rowCount !== 0) return name;
  const unfinished = `${name}_unfinished`;
  await client.query(`drop database if exists ${unfinished} with (force)`);
  await client.query(`create database ${unfinished}`);
  const db = openDatabase(withDatabase(server, unfinished), {
    connections: 2,
    name: "chapar template",
    onError: () => {},
  });
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  await client.query(`alter database ${unfinished} rename to ${name}`);
  return name;
}

/** Of every migration's text: an existing server may hold the template of another version. */
function migrationsHash(): string {
  const folder = new URL("../db/migrations/", import.meta.url);
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).sort())
    hash.update(file).update(readFileSync(new URL(file, folder)));
  return hash.digest("hex").slice(0, 16);
}

async function administer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(server, "postgres") });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
