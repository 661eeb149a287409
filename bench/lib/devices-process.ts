// Many devices in one process: each a TCP connection that says hello, reads its inbox and acknowledges what it gets. A
// whole client a device would take more memory and time than what is measured.
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import mqttPacket, { type Packet } from "mqtt-packet";
import type { DeviceLogin, FromDevices, ToDevices } from "./devices.ts";

const tell = (message: FromDevices) => void process.send?.(message);
let received = 0;
/** When each message came, in milliseconds since 1970, while somebody wants to know. */
let arrivals: [string, number][] | null = null;

process.on("message", (message: ToDevices) => {
  if ("connect" in message) void connectAll(message.connect, message.perSecond);
  if ("watch" in message) arrivals = [];
  if ("report" in message) {
    tell({ report: { received, arrivals: arrivals ?? [] } });
    arrivals = null;
  }
});

const retryMs = 500;

async function connectAll(logins: readonly DeviceLogin[], perSecond: number): Promise<void> {
  const begun = performance.now();
  await Promise.all(
    logins.map(async (login, index) => {
      await pause(Math.max(0, (index * 1000) / perSecond - (performance.now() - begun)));
      // As devices do: one that was not let in at once comes again.
      while (
        !(await connectDevice(login).then(
          () => true,
          () => false,
        ))
      )
        await pause(retryMs);
    }),
  );
  tell({ connected: logins.length });
}

const connectDevice = (login: DeviceLogin): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: login.port, noDelay: true });
    const parser = mqttPacket.parser();
    const topic = `app/${login.username.replace("/", "/installation/")}`;
    const send = (packet: Packet) => socket.write(mqttPacket.generate(packet));
    const publish = (name: string, payload: string) =>
      send({ cmd: "publish", topic: `${topic}/${name}`, payload, qos: 0, dup: false, retain: false });
    parser.on("packet", (packet) => {
      if (packet.cmd === "connack") {
        if (packet.returnCode !== 0) return reject(new Error(`refused with ${packet.returnCode}`));
        send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: `${topic}/inbox`, qos: 0 }] });
      }
      if (packet.cmd === "suback") {
        publish("hello", "{}");
        resolve();
      }
      if (packet.cmd !== "publish") return;
      const { id } = JSON.parse(packet.payload.toString()) as { id: string };
      received++;
      // Of all processes on this machine the same clock.
      arrivals?.push([id, Date.now()]);
      publish("ack", JSON.stringify({ id, state: "delivered" }));
    });
    parser.on("error", reject);
    socket.on("data", (data) => parser.parse(data));
    socket.on("error", (error) => reject(new Error(`${login.username}: ${error.message}`)));
    const { username, password } = login;
    send({
      ...{ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 600 },
      ...{ clientId: username, username, password: Buffer.from(password) },
    });
    keep(socket);
  });

const sockets: Socket[] = [];
const keep = (socket: Socket) => void sockets.push(socket);
