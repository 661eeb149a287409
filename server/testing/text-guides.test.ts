import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashOf, makePublicKey, registerClient } from "./client.ts";
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

test("every call of the guide to public keys is understood, by a device that is a guest first", async (t) => {
  const product = await startTestProduct(t);
  const key = await makePublicKey(product, ["https://shop.example"]);
  const { id, registered } = await registerClient(product, key, { deviceType: "web" });
  const { secret } = (await product.call("GET", "/api/settings/user-hash")).body;
  const curls = curlsOf(guideTo("devices"), {
    ...{ TOKEN: product.accessToken, PUBLIC_KEY: key, ID: id, USER_HASH: hashOf(secret, "sara") },
    ...{ USERNAME: registered.mqtt.username, PASSWORD: registered.mqtt.password },
  });
  assert.equal(curls.length, 13);
  for (const { command, method, url, headers, body } of curls) {
    const answer = await call(url.replace("http://localhost:8080", product.url), method, headers, body);
    assert.ok([200, 201].includes(answer.status), `${command}\n${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.refused, undefined, command);
  }
});
