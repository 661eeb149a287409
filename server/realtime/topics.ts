export interface DeviceAddress {
  appId: string;
  installationId: string;
}

/** `inbox` goes down to the device; the others come up from it. */
export type DeviceTopic = "inbox" | "ack" | "hello" | "presence";

export const deviceTopic = ({ appId, installationId }: DeviceAddress, topic: DeviceTopic): string =>
  `app/${appId}/installation/${installationId}/${topic}`;

const devicePattern = /^app\/([^/]+)\/installation\/([^/]+)\/(inbox|ack|hello|presence)$/;

/** Takes a device's topic apart; null for any other topic. */
export function readDeviceTopic(topic: string): (DeviceAddress & { topic: DeviceTopic }) | null {
  const match = devicePattern.exec(topic);
  if (!match?.[1] || !match[2]) return null;
  return { appId: match[1], installationId: match[2], topic: match[3] as DeviceTopic };
}

/** Where something that happens now is told; `from` is who tells it, an installation or {@link fromServer}. */
export interface EventTopic {
  appId: string;
  name: string;
  from: string;
}

/** Stands for the customer's own server, in the place of an installation. */
export const fromServer = "server";
/** In a subscription: whoever tells it. MQTT 3.1.1 §4.7.1.3. */
export const fromAnybody = "+";

export const eventTopic = ({ appId, name, from }: EventTopic): string => `app/${appId}/event/${name}/${from}`;

const eventPattern = /^app\/([^/+#]+)\/event\/([^/+#]+)\/([^/#]+)$/;

export function readEventTopic(topic: string): EventTopic | null {
  const match = eventPattern.exec(topic);
  if (!match?.[1] || !match[2] || !match[3]) return null;
  return { appId: match[1], name: match[2], from: match[3] };
}

/** Where we ask every device of an app to say hello: we may have missed some. */
export const rollCallTopic = (appId: string): string => `app/${appId}/roll-call`;

/** The installation a broker user name speaks for; null for Chapar's own roles and for anything else. */
export function readDeviceUsername(username: string): DeviceAddress | null {
  const slash = username.indexOf("/");
  if (slash <= 0 || slash === username.length - 1) return null;
  return { appId: username.slice(0, slash), installationId: username.slice(slash + 1) };
}
