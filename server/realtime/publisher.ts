import type { MqttClient } from "mqtt";
import { type DeviceAddress, deviceTopic } from "./topics.ts";

/** A message as a device gets it. */
export interface InboxMessage {
  device: DeviceAddress;
  payload: string;
}

/** Hands inbox messages to connected devices. */
export interface InboxPublisher {
  /**
   * Publishes messages in this order and resolves when all are written to the broker, or it is gone. While the broker is
   * away nothing is published: every device says hello when it is back, and gets what it has not acknowledged.
   */
  publish(messages: readonly InboxMessage[]): Promise<void>;
}

export function createPublisher(client: MqttClient): InboxPublisher {
  return {
    async publish(messages) {
      if (!client.connected || messages.length === 0) return;
      // QoS 0: the acknowledgement that counts is the device's own, on its `ack` topic.
      const sent = messages.map(
        ({ device, payload }) =>
          new Promise<void>((resolve) => {
            client.publish(deviceTopic(device, "inbox"), payload, { qos: 0 }, () => resolve());
          }),
      );
      // What was waiting for a full socket to drain is never told that the socket closed instead.
      let isClosed = () => {};
      const closed = new Promise<void>((resolve) => {
        isClosed = resolve;
        client.once("close", isClosed);
      });
      await Promise.race([Promise.all(sent), closed]);
      client.off("close", isClosed);
    },
  };
}
