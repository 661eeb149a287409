import { test } from "node:test";
import mqtt from "mqtt";
import { startTestProduct } from "../testing/product.ts";

test("a device that stays connected over WebSocket does not keep the api from stopping", {
  timeout: 30_000,
}, async (t) => {
  const product = await startTestProduct();
  const { body } = await product.call("POST", "/api/installations", {
    ...{ id: "browser", userId: "mina", deviceType: "web" },
  });
  const { clientId, username, password } = body.mqtt;
  const url = `${product.url.replace("http:", "ws:").replace("localhost", "127.0.0.1")}/mqtt`;
  const client = await mqtt.connectAsync(url, { clientId, username, password });
  t.after(() => client.endAsync(true));
  await product.stop();
});
