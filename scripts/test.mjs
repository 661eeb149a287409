// `npm test`: every test of server/, panel/, sdk/ and bench/ (or of folders and files that are named) with Node's own runner, on one
// throw-away database server. TEST_DATABASE_URL names an existing server (superuser, PostgreSQL 15 or newer) instead.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { pathToFileURL } from "node:url";
import { startThrowAwayServer } from "../server/testing/server.ts";
import { buildServer } from "./ensure.mjs";

const folders = process.argv.length > 2 ? process.argv.slice(2) : ["server", "panel", "sdk", "bench"];
// Those of the whole product first: they wait for processes most of the time, and the others fill it.
const depth = (file) => file.split("/").length;
const files = folders.flatMap(testsUnder).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
if (files.length === 0) {
  console.error(`There are no tests under ${folders.join(" and ")}.`);
  process.exit(1);
}

// Tests that start the product do so some hundred times: compiled, each takes half as long. In a clone that cannot be
// written to they start it from the sources.
const compiled = resolve("dist", ".tests");
if (folders.some((folder) => folder.startsWith("server")))
  await buildServer(compiled).then(
    () => {
      process.env.CHAPAR_TEST_BUILD = compiled;
    },
    (error) =>
      console.error(`The server was not compiled (${error.message}); tests start it from the sources.`),
  );

const server = process.env.TEST_DATABASE_URL ? null : await startThrowAwayServer();
process.env.CHAPAR_TEST_DATABASE_URL = server?.url ?? process.env.TEST_DATABASE_URL;
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void finish(130));

// More processes than cores: much of the time goes into waiting for those that were killed or started.
const concurrency = Math.max(2, availableParallelism()) + 1;
// Long enough for any of them, and shorter than somebody waits for one that hangs.
const timeout = 600_000;
/** Of source that shares a process: some three dozen of them, none much longer than the others. */
const bytesTogether = 40_000;
const together = mkdtempSync(join(tmpdir(), "chapar-tests-"));
const tests = run({ files: inProcesses(files), concurrency, timeout });
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
  rmSync(together, { recursive: true, force: true });
  await server?.stop();
  process.stdout.write("", () => process.exit(code));
}

/**
 * Files share a process, each as a suite of its own with its hooks: loading what they test takes longer than most of
 * them. Those of whole products have one of their own.
 */
function inProcesses(all) {
  const isAlone = (file) => depth(file) === 2;
  const groups = [];
  let room = 0;
  for (const file of all.filter((one) => !isAlone(one)).sort()) {
    if (room <= 0) {
      groups.push([]);
      room = bytesTogether;
    }
    room -= statSync(file).size;
    groups.at(-1).push(file);
  }
  return [...all.filter(isAlone), ...groups.map(entryOf)];
}

/** A file that loads those of a group. What they share ends after all of them: it is loaded outside their suites. */
function entryOf(group) {
  const entry = join(together, `${group[0].replaceAll("/", "-").replace(/\.test\.tsx?$/, "")}.test.mjs`);
  const addressOf = (file) => JSON.stringify(pathToFileURL(resolve(file)).href);
  const suite = (file) =>
    `describe(${JSON.stringify(file)}, async () => {\n  await import(${addressOf(file)});\n});\n`;
  const shared = group.some((file) => file.startsWith("server/"))
    ? `import ${addressOf("server/testing/database.ts")};\n`
    : "";
  writeFileSync(entry, `import { describe } from "node:test";\n${shared}${group.map(suite).join("")}`);
  return entry;
}

function testsUnder(folder) {
  if (/\.test\.tsx?$/.test(folder)) return [folder];
  try {
    return readdirSync(folder, { recursive: true })
      .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${folder}/${file}`);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
