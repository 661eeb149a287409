import { createHmac, timingSafeEqual } from "node:crypto";

/** What an installation signs in to the broker with. */
export interface DeviceCredentials {
  clientId: string;
  username: string;
  password: string;
}

/** User name of Chapar's own roles; no app id starts with a dollar sign, so no installation can have it. */
export const serviceUsername = "$chapar";

/**
 * The password of a broker user, derived from the server's secret: nothing to store, the same at every registration,
 * so that registering a device again does not lock out the connection it has.
 */
export function brokerPassword(secretKey: string, username: string): string {
  return createHmac("sha256", secretKey).update(`mqtt:${username}`).digest("base64url");
}

export function deviceCredentials(
  secretKey: string,
  appId: string,
  installationId: string,
): DeviceCredentials {
  const username = `${appId}/${installationId}`;
  return { clientId: username, username, password: brokerPassword(secretKey, username) };
}

/** Compares in constant time. */
export function isBrokerPassword(secretKey: string, username: string, password: Buffer): boolean {
  const expected = Buffer.from(brokerPassword(secretKey, username));
  return password.length === expected.length && timingSafeEqual(password, expected);
}
