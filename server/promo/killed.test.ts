// Kills the whole product while it sends texts with codes: who is written to again gets the code that they had.
import assert from "node:assert/strict";
import { test } from "node:test";
import { processGone, signalProcess } from "../lib/processes.ts";
import { makeDataDir } from "../testing/folder.ts";
import { until } from "../testing/product.ts";
import { processesOn, startChapar } from "../testing/product-process.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { accessToken, apiAt, patienceMs, settings } from "../testing/recovery.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";

const users = 300;

test("everything killed between a code and the row of its message: the same person gets the same code", async (t) => {
  /** Texts that came, by the address they are for. */
  const texts = new Map<string, string[]>();
  const standIn = await startStandInProvider({
    delayMs: 20,
    onAnswer: ({ body }) => {
      const to = String(body.to);
      texts.set(to, [...(texts.get(to) ?? []), String(body.text)]);
    },
  });
  t.after(() => standIn.stop());
  const dataDir = makeDataDir();
  const start = async () => {
    const product = startChapar(t, ["start"], {
      ...settings,
      ALLOW_PRIVATE_ADDRESSES: "true",
      DATA_DIR: dataDir,
    });
    const [, url = ""] = await product.until(/Panel: (\S+)/);
    await product.until(/Ctrl-C/);
    return { product, ask: apiAt(url), url };
  };
  let { product, ask, url } = await start();
  const account = await ask("POST", "/providers", {
    ...{ channel: "email", provider: "http", name: "Mail", config: standInConfig(standIn), concurrency: 2 },
  });
  assert.equal(account.status, 201, JSON.stringify(account.body));
  for (let from = 0; from < users; from += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask("POST", "/users", { userId: `u${from + index}`, email: `u${from + index}@example.com` }),
      ),
    );
  const codes = Array.from({ length: 1_000 }, (_, index) => `CODE-${index}`);
  const uploaded = await fetch(`${url}/api/containers/updateGlobalPromoCodes`, {
    ...{ method: "POST", headers: { "x-access-token": accessToken, "content-type": "text/csv" } },
    body: codes.join("\n"),
  });
  assert.equal(uploaded.status, 200);
  const draft = await ask("POST", "/campaigns", {
    ...{ name: "Codes", channel: "email", target: {} },
    content: { content: "Yours: {{promo_code}}", subject: "A code" },
  });
  const launched = await ask("POST", `/campaigns/${draft.body.id}/launch`);
  assert.equal(launched.status, 200, JSON.stringify(launched.body));

  await until(
    async () => texts.size,
    (size) => size >= users / 3,
    patienceMs,
  );
  const pids = Object.values(processesOn(dataDir));
  for (const pid of [product.child.pid ?? 0, ...pids]) signalProcess(pid, "SIGKILL");
  await product.exited;
  for (const pid of pids) assert.ok(await processGone(pid, patienceMs));
  ({ product, ask } = await start());

  await until(
    async () => (await ask("GET", `/campaigns/${draft.body.id}`)).body.status,
    (status) => status === "finished",
    patienceMs,
  );
  assert.equal(texts.size, users);
  for (const [to, written] of texts) assert.equal(new Set(written).size, 1, `${to}: ${written}`);
  assert.ok(
    [...texts.values()].some((written) => written.length > 1),
    "nobody was written to twice, so that nothing was tried",
  );
  assert.equal(new Set([...texts.values()].map(([text]) => text)).size, users);
  const { body } = await ask("GET", "/promo-codes");
  assert.deepEqual([body.data[0].given, body.data[0].left], [users, codes.length - users]);
  product.child.kill("SIGTERM");
  assert.equal(await product.exited, 0);
});
