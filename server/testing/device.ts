import type { TestContext } from "node:test";
import mqtt from "mqtt";
import type { TestProduct } from "./product.ts";

/** A device over real MQTT; `messages` fills as they come. */
export async function connectDevice(
  product: TestProduct,
  t: TestContext,
  registration: Record<string, unknown>,
) {
  const { body } = await product.call("POST", "/api/installations", registration);
  const client = await mqtt.connectAsync(body.mqtt.url.replace("localhost", "127.0.0.1"), {
    clientId: body.mqtt.clientId,
    username: body.mqtt.username,
    password: body.mqtt.password,
  });
  t.after(() => client.endAsync(true));
  const topic = (name: string) => `app/${product.appId}/installation/${body.id}/${name}`;
  // biome-ignore lint/suspicious/noExplicitAny: the payload is what the test looks at
  const messages: any[] = [];
  /** Ids of all that came, also of what came twice. */
  const received: string[] = [];
  client.on("message", (_topic, payload) => {
    const message = JSON.parse(payload.toString());
    received.push(message.id);
    // What is sent while a hello is answered may come by both; devices know a message by its id.
    if (!messages.some(({ id }) => id === message.id)) messages.push(message);
  });
  await client.subscribeAsync(topic("inbox"));
  return { client, messages, received, topic, id: body.id as string };
}
