import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import mqtt from "mqtt";
import { createPublisher } from "./publisher.ts";

test("a broker that dies without having read everything does not hold up the publisher", async (t) => {
  // MQTT 3.1.1 §3.2: "accepted"; then nothing more is read, and the socket's buffers fill up.
  let connection: Socket | null = null;
  const broker = createServer((socket) => {
    connection = socket;
    socket.once("data", () => socket.pause().write(Buffer.from([0x20, 2, 0, 0])));
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  t.after(() => broker.close());
  const { port } = broker.address() as { port: number };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  t.after(() => client.endAsync(true));

  const payload = "x".repeat(100_000);
  const messages = Array.from({ length: 500 }, (_, index) => ({
    device: { appId: "shop", installationId: `device-${index}` },
    payload,
  }));
  const published = createPublisher(client).publish(messages);
  (connection as Socket | null)?.destroy();
  await published;
});
