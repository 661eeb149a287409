import { randomUUID } from "node:crypto";
import mqtt, { type MqttClient } from "mqtt";
import type { Logger } from "pino";
import { brokerPassword, serviceUsername } from "./credentials.ts";

/**
 * A role's own connection to the broker, embedded or not: the same protocol either way. Reconnects by itself.
 * `url` may carry a user and password of an outside broker; without them the embedded broker's are used.
 */
export function connectToBroker(options: {
  url: string;
  secretKey: string;
  name: string;
  logger: Logger;
}): MqttClient {
  const { username, password } = new URL(options.url);
  const client = mqtt.connect(options.url, {
    clientId: `${serviceUsername}/${options.name}/${randomUUID()}`,
    ...(username
      ? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
      : { username: serviceUsername, password: brokerPassword(options.secretKey, serviceUsername) }),
    clean: true,
    reconnectPeriod: 500,
    connectTimeout: 5_000,
    // What could not be published is in the database, and devices get it after hello.
    queueQoSZero: false,
  });
  // Twice a second while it is away: once is enough to know.
  let said: string | null = null;
  client.on("connect", () => {
    said = null;
  });
  client.on("error", (error) => {
    if (said !== error.message) options.logger.warn({ err: error }, "the broker refused the connection");
    said = error.message;
  });
  return client;
}

/** Resolves once connected; rejects after `ms`. */
export function connected(client: MqttClient, ms: number): Promise<void> {
  if (client.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      client.end(true);
      reject(new Error("The MQTT broker does not answer; check MQTT_URL."));
    }, ms);
    client.once("connect", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
