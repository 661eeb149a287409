// `npm test`: every test of server/, panel/ and bench/ (or of one folder that is named) with Node's own runner, on one
// throw-away database server. TEST_DATABASE_URL names an existing server (superuser, PostgreSQL 15 or newer) instead.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { startThrowAwayServer } from "../server/testing/server.ts";

const folders = process.argv.length > 2 ? process.argv.slice(2) : ["server", "panel", "bench"];
// Those of the whole product first: they wait for processes most of the time, and the others fill it.
const depth = (file) => file.split("/").length;
const files = folders.flatMap(testsUnder).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
if (files.length === 0) {
  console.error(`There are no tests under ${folders.join(" and ")}.`);
  process.exit(1);
}

const server = process.env.TEST_DATABASE_URL ? null : await startThrowAwayServer();
process.env.CHAPAR_TEST_DATABASE_URL = server?.url ?? process.env.TEST_DATABASE_URL;
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void finish(130));

// More files than cores: much of the time goes into waiting for processes that were killed or started.
const tests = run({ files, concurrency: Math.max(2, availableParallelism()) + 1 });
tests.on("test:fail", (event) => {
  // A failing test marked as todo doesn't fail the run.
  if (event.todo === undefined || event.todo === false) process.exitCode = 1;
});
tests
  .compose(new spec())
  .on("end", () => void finish(process.exitCode ?? 0))
  .pipe(process.stdout);

async function finish(code) {
  if (isStopping) return;
  isStopping = true;
  await server?.stop();
  process.stdout.write("", () => process.exit(code));
}

function testsUnder(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${folder}/${file}`);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
