import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { curlsOf } from "./curl.ts";
import { call, startTestProduct, until } from "./product.ts";

const guide = fileURLToPath(new URL("../../docs/webhooks.md", import.meta.url));

test("the receiver of the guide takes what is signed and nothing else; its calls are understood", async (t) => {
  const product = await startTestProduct(t);
  const ids: string[] = [];
  for (const { command, method, url, headers, body } of curlsOf(guide, {
    ...{ TOKEN: product.accessToken, WEBHOOK: "$WEBHOOK" },
  })) {
    const address = url.replace("http://localhost:8080", product.url).replace("$WEBHOOK", ids[0] ?? "");
    const answer = await call(address, method, headers, body);
    assert.ok(answer.status < 300, `${command}\n${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.body.id) ids.push(answer.body.id);
  }
  const { body: hook } = await product.call("GET", `/api/webhooks/${ids[0]}/secret`);

  const code = /```js\n([\s\S]*?)```/.exec(readFileSync(guide, "utf8"))?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "chapar-webhook-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "receiver.mjs");
  writeFileSync(file, `${code}\nserver.on("listening", () => console.log("port", server.address().port));\n`);
  const child = spawn(process.execPath, [file], {
    env: { PORT: "0", WEBHOOK_SECRET: hook.secret },
  });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  await until(
    async () => said,
    (text) => /port \d+/.test(text),
  );
  const url = `http://127.0.0.1:${/port (\d+)/.exec(said)?.[1]}/`;
  await product.call("PATCH", `/api/webhooks/${ids[0]}`, { url });
  const sent = await product.call("POST", `/api/webhooks/${ids[0]}/test`);
  assert.deepEqual([sent.body.state, sent.body.status], ["delivered", 204], sent.body.error);
  assert.match(said, /message\.delivered sample-user/);
  assert.equal((await call(url, "POST", {}, { event: "message.sent" })).status, 401);
});
