import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../config.ts";
import { makePublicKey } from "./client.ts";
import { startTestProduct, until } from "./product.ts";

test("the example of a device registers, logs in, gets what waits and what comes, once, and is known again", async (t) => {
  const product = await startTestProduct(t);
  const publicKey = await makePublicKey(product);
  const { body } = await product.call("GET", "/api/settings/user-hash");
  const userHash = createHmac("sha256", body.secret).update("Sara").digest("hex");
  const folder = mkdtempSync(join(tmpdir(), "chapar-device-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "device.json");

  const start = () => {
    const child = spawn(
      process.execPath,
      [join(packageRoot(), "docs", "examples", "device.mjs"), "Sara", userHash],
      { env: { PATH: process.env.PATH, CHAPAR_URL: product.url, PUBLIC_KEY: publicKey, DEVICE_FILE: file } },
    );
    t.after(() => child.kill("SIGKILL"));
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    return {
      says: (words: string) =>
        until(
          async () => said,
          (text) => text.includes(words),
        ),
      said: () => said,
      async stop() {
        child.kill("SIGTERM");
        const [code] = await once(child, "exit");
        assert.equal(code, 0, said);
      },
    };
  };
  const send = async (content: string) => {
    const { headers } = await product.call("POST", "/api/push/toUsers", { user: "Sara", content });
    return headers.get("x-push-id");
  };
  const reaches = (id: string | null, state: string) =>
    until(
      async () => (await product.call("GET", `/api/messages/${id}`)).body.counts,
      (counts) => counts[state] === 1,
    );

  const first = start();
  await first.says("connected");
  const live = await send("live");
  await first.says("message live");
  await reaches(live, "seen");
  await first.stop();

  const waiting = await send("meanwhile");
  await reaches(waiting, "waiting");
  const second = start();
  await second.says("message meanwhile");
  await reaches(waiting, "seen");
  assert.ok(!second.said().includes("message live"));
  await second.stop();

  const user = (await product.call("GET", "/api/users/Sara")).body;
  assert.equal(user.installations.length, 1);
  assert.equal((await product.call("GET", "/api/events")).body.data[0].count, 2);
});
