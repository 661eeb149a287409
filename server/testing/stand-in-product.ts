// The supervisor with roles that only answer: `node --import tsx server/testing/stand-in-product.ts start`.
// The api ends with code 3 when /fail is asked for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import sql from "sql-template-tag";
import { readConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { type Running, runSupervised } from "../supervisor/role.ts";
import { type Prepared, supervise } from "../supervisor.ts";

const config = readConfig();
const role = process.argv[4];

async function startApi(): Promise<Running> {
  const server = createServer((request, response) => {
    if (request.url === "/fail") process.exit(3);
    response.end(String(process.pid));
  });
  const isListening = (port: number) =>
    new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
  const isAsWished = await isListening(config.port);
  if (!isAsWished) await isListening(0);
  const { port } = server.address() as AddressInfo;
  const notes = isAsWished ? [] : [`Port ${config.port} is taken, using ${port}`];
  return {
    ...{ url: `http://127.0.0.1:${port}`, port, mqttPort: null, mqttUrl: null, notes },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function startWorker(): Promise<Running> {
  const work = setInterval(() => {}, 1000);
  // The test learns from the note whom to kill.
  const notes = [`worker ${process.pid}`];
  return { url: "", port: 0, mqttPort: null, mqttUrl: null, notes, stop: async () => clearInterval(work) };
}

async function prepare(db: Database): Promise<Prepared> {
  const made = await db.query(sql`select 1 from pg_tables where tablename = 'prepared'`);
  if (made.rowCount !== 0) return { appId: "default", newAccessToken: null, signInCode: null };
  await db.query(sql`create table prepared ()`);
  return { appId: "default", newAccessToken: "token-of-the-first-start", signInCode: "code" };
}

if (role === "api" || role === "worker") await runSupervised(role === "api" ? startApi : startWorker);
const code = await supervise({
  config,
  entry: fileURLToPath(import.meta.url),
  migrate: async () => {},
  freeAll: async () => {},
  prepare,
  afterStart: null,
  print: (line) => process.stdout.write(`${line}\n`),
}).catch((error: Error) => {
  console.error(error.message);
  return 1;
});
process.exit(code);
