import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { isProcessAlive, processGone } from "./lib/processes.ts";
import { restartDelayMs } from "./supervisor/child.ts";
import { makeDataDir } from "./testing/folder.ts";
import { type ProductProcess, startProduct } from "./testing/product-process.ts";

const momentMs = 8_000;

/** The processes of a started product, by what it printed and answers. */
async function processesOf(product: ProductProcess) {
  const [, worker] = await product.until(/worker (\d+)/);
  const [, url = ""] = await product.until(/Panel: (\S+)/);
  await product.until(/Ctrl-C/);
  const api = Number(await (await fetch(url)).text());
  return { url, api, worker: Number(worker), postmaster: product.postmaster() };
}

async function assertAllGone(pids: Record<string, number>): Promise<void> {
  for (const [name, pid] of Object.entries(pids)) {
    assert.ok(await processGone(pid, momentMs), `the ${name} process is still there`);
  }
}

test("Ctrl-C stops everything in order, and a later start shows no token again", async (t) => {
  const dataDir = makeDataDir();
  const product = startProduct(t, dataDir, {});
  const { url, ...pids } = await processesOf(product);
  assert.match(product.output(), /token-of-the-first-start/);
  assert.match(product.output(), new RegExp(`${url}/welcome#code=code`));
  assert.equal(statSync(join(dataDir, "first-run.json")).mode & 0o777, 0o600);
  // As a terminal does: to the whole group, roles included.
  process.kill(-(product.child.pid ?? 0), "SIGINT");
  assert.equal(await product.exited, 0);
  await assertAllGone(pids);
  assert.equal(existsSync(join(dataDir, "running.json")), false);
  assert.match(readFileSync(join(dataDir, "logs", "postgres.log"), "utf8"), /database system is shut down/);

  const later = startProduct(t, dataDir, {});
  await later.until(/first-run\.json/);
  assert.doesNotMatch(later.output(), /token-of-the-first-start/);

  const second = startProduct(t, dataDir, {});
  assert.equal(await second.exited, 1);
  assert.match(second.output(), /^Chapar already runs on .*: http:\/\/127\.0\.0\.1:\d+ \(process \d+\)\.$/m);
  later.child.kill("SIGTERM");
  assert.equal(await later.exited, 0);
});

test("whichever part is killed, everything stops, and the line says which", async (t) => {
  const dataDir = makeDataDir();
  for (const part of ["worker", "api", "postmaster"] as const) {
    const product = startProduct(t, dataDir, {});
    const { url: _, ...pids } = await processesOf(product);
    process.kill(pids[part], "SIGKILL");
    assert.equal(await product.exited, 1);
    assert.match(product.output(), new RegExp(`\\(process ${pids[part]}\\)|\\(${pids[part]}\\)`));
    assert.match(product.output(), /was killed by SIGKILL: stopping everything/);
    await assertAllGone(pids);
  }
});

test("when the supervisor itself is killed, its roles and the database stop", async (t) => {
  const product = startProduct(t, makeDataDir(), {});
  const { url: _, ...pids } = await processesOf(product);
  product.child.kill("SIGKILL");
  await assertAllGone(pids);
});

test("a role that fails is started again on its port, and everything else goes on", async (t) => {
  const product = startProduct(t, makeDataDir(), {});
  const { url, worker, api } = await processesOf(product);
  await fetch(`${url}/fail`).catch(() => {});
  await product.until(
    /The api process \(\d+\) ended with code 3; starting it again in 1 s\. Its log is .*api\.log/,
  );
  let again = 0;
  while (again === 0)
    again = Number(
      await fetch(url).then(
        (answer) => answer.text(),
        () => "0",
      ),
    );
  assert.notEqual(again, api);
  assert.ok(isProcessAlive(worker));
  product.child.kill("SIGINT");
  assert.equal(await product.exited, 0);
  await assertAllGone({ again, worker });
});

test("a taken port is named, and another one is used", async (t) => {
  const squatter = createServer().listen(0, "127.0.0.1");
  t.after(() => squatter.close());
  await new Promise((resolve) => squatter.once("listening", resolve));
  const { port } = squatter.address() as { port: number };
  const product = startProduct(t, makeDataDir(), { PORT: String(port) });
  const { url } = await processesOf(product);
  assert.match(product.output(), new RegExp(`Port ${port} is taken, using ${new URL(url).port}`));
  product.child.kill("SIGTERM");
  assert.equal(await product.exited, 0);
});

test("a wrong DATABASE_URL ends the start with one line", async (t) => {
  const product = startProduct(t, makeDataDir(), {
    DATABASE_URL: "postgres://chapar:secret@127.0.0.1:1/chapar",
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
  });
  assert.equal(await product.exited, 1);
  assert.match(
    product.output(),
    /^DATABASE_URL: 127\.0\.0\.1:1 cannot be reached \(.*\)\. Check host and port.*\n$/,
  );
});

test("restarts back off from 1 s to 30 s", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 9].map(restartDelayMs), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});
