// Kills the whole product in the middle of its work and looks whether anything was lost or done twice: real processes,
// the real database, SIGKILL. What the kills did must not be seen in any number afterwards.
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { processGone, signalProcess } from "./lib/processes.ts";
import { makeDataDir } from "./testing/folder.ts";
import { startTestProduct, until } from "./testing/product.ts";
import { type ProductProcess, processesOn, startChapar } from "./testing/product-process.ts";
import {
  accessToken,
  apiAt,
  assertWhole,
  everyone,
  exportFile,
  importEnded,
  patienceMs,
  sendToEveryone,
  settings,
  upload,
} from "./testing/recovery.ts";

/** What the import comes to when nobody kills anything. */
async function importUndisturbed(file: Buffer) {
  const product = await startTestProduct();
  try {
    const ask = apiAt(product.url, product.accessToken);
    const expected = await importEnded(ask, await upload(product.url, product.accessToken, file));
    return { expected, expectedCount: await everyone(ask) };
  } finally {
    await product.stop();
  }
}

/** How many of a message's recipients have an outcome. */
const outcomes = (counts: Record<string, number>) => (counts.targeted ?? 0) - (counts.queued ?? 0);

async function startWhole(t: TestContext, dataDir: string) {
  const product = startChapar(t, ["start"], { ...settings, DATA_DIR: dataDir });
  const [, url = ""] = await product.until(/Panel: (\S+)/);
  await product.until(/Ctrl-C/);
  return { product, ask: apiAt(url), url };
}

/** At once, so that no part notices the end of another and does something about it. */
async function killWhole(product: ProductProcess, dataDir: string): Promise<void> {
  const pids = Object.values(processesOn(dataDir));
  for (const pid of [product.child.pid ?? 0, ...pids]) signalProcess(pid, "SIGKILL");
  await product.exited;
  for (const pid of pids) assert.ok(await processGone(pid, patienceMs));
}

test("everything killed during an import, an expansion and a send: no row lost, none twice", async (t) => {
  const file = exportFile(16_000);
  const { expected, expectedCount } = await importUndisturbed(file);

  const dataDir = makeDataDir();
  let { product, ask, url } = await startWhole(t, dataDir);
  const importId = await upload(url, accessToken, file);
  const half = await until(
    async () => (await ask("GET", `/imports/${importId}`)).body,
    (found) => found.rows.total > 0,
    patienceMs,
  );
  assert.equal(half.status, "importing");
  await killWhole(product, dataDir);

  ({ product, ask } = await startWhole(t, dataDir));
  const imported = await importEnded(ask, importId);
  assert.equal(imported.status, expected.status);
  assert.deepEqual(imported.rows, expected.rows);
  assert.deepEqual(await everyone(ask), expectedCount);

  const { id, count } = await sendToEveryone(ask);
  assert.equal(count, expectedCount.installations);
  await killWhole(product, dataDir); // the expansion has hardly begun

  ({ product, ask } = await startWhole(t, dataDir));
  const sending = await until(
    async () => (await ask("GET", `/messages/${id}`)).body,
    (found) => outcomes(found.counts) > 0,
    patienceMs,
  );
  assert.notEqual(sending.status, "finished");
  await killWhole(product, dataDir);

  ({ product, ask } = await startWhole(t, dataDir));
  await assertWhole(ask, id, count);
  product.child.kill("SIGTERM");
  assert.equal(await product.exited, 0);
});
