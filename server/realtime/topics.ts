export interface DeviceAddress {
  appId: string;
  installationId: string;
}

/** `inbox` goes down to the device; the others come up from it. */
export type DeviceTopic = "inbox" | "ack" | "hello" | "presence";

export const deviceTopic = ({ appId, installationId }: DeviceAddress, topic: DeviceTopic): string =>
  `app/${appId}/installation/${installationId}/${topic}`;

const pattern = /^app\/([^/]+)\/installation\/([^/]+)\/(inbox|ack|hello|presence)$/;

/** Takes a device's topic apart; null for any other topic. */
export function readDeviceTopic(topic: string): (DeviceAddress & { topic: DeviceTopic }) | null {
  const match = pattern.exec(topic);
  if (!match?.[1] || !match[2]) return null;
  return { appId: match[1], installationId: match[2], topic: match[3] as DeviceTopic };
}

/** The installation a broker user name speaks for; null for Chapar's own roles and for anything else. */
export function readDeviceUsername(username: string): DeviceAddress | null {
  const slash = username.indexOf("/");
  if (slash <= 0 || slash === username.length - 1) return null;
  return { appId: username.slice(0, slash), installationId: username.slice(slash + 1) };
}
