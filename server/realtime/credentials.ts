import { createHmac, timingSafeEqual } from "node:crypto";
import type { DeviceAddress } from "./topics.ts";

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
 * so that registering a device again does not lock out the connection it has. `version` counts up when it is revoked.
 */
export function brokerPassword(secretKey: string, username: string, version = 0): string {
  return createHmac("sha256", secretKey).update(`mqtt:${version}:${username}`).digest("base64url");
}

export function deviceCredentials(
  secretKey: string,
  { appId, installationId }: DeviceAddress,
  version: number,
): DeviceCredentials {
  const username = `${appId}/${installationId}`;
  return { clientId: username, username, password: brokerPassword(secretKey, username, version) };
}

/** Compares in constant time. */
export function isBrokerPassword(
  secretKey: string,
  username: string,
  version: number,
  password: string | Buffer,
): boolean {
  const expected = Buffer.from(brokerPassword(secretKey, username, version));
  const given = Buffer.from(password);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
