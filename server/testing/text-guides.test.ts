import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { curlsOf } from "./curl.ts";
import { call, startTestProduct } from "./product.ts";

const guideTo = (name: string) => fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url));

test("every call of the guides to SMS and WhatsApp is understood", async (t) => {
  const product = await startTestProduct(t);
  const curls = ["sms", "whatsapp"].flatMap((name) => curlsOf(guideTo(name), { TOKEN: product.accessToken }));
  assert.equal(curls.length, 7);
  for (const { command, method, url, headers, body } of curls.filter(({ method }) => method === "POST")) {
    const answer = await call(url.replace("http://localhost:8080", product.url), method, headers, body);
    assert.equal(answer.status, 201, `${command}\n${JSON.stringify(answer.body)}`);
  }
});
