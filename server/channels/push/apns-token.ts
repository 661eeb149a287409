import type { KeyObject } from "node:crypto";
import { signJwt } from "./jwt.ts";

/** Tokens that tell Apple who we are. */
export interface ProviderTokens {
  current(): string;
  /** Apple says that this one ended: the next one is a new one. */
  refuse(token: string): void;
}

/**
 * Apple takes a token for an hour, and refuses who makes a new one more often than every 20 minutes.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
const lifeMs = 50 * 60_000;

export function createProviderTokens(key: KeyObject, ids: { keyId: string; teamId: string }): ProviderTokens {
  let known: { token: string; untilMs: number } | null = null;
  return {
    current() {
      const nowMs = Date.now();
      if (!known || known.untilMs <= nowMs) {
        const token = signJwt(key, ids.keyId, { iss: ids.teamId, iat: Math.floor(nowMs / 1000) });
        known = { token, untilMs: nowMs + lifeMs };
      }
      return known.token;
    },
    refuse(token) {
      if (known?.token === token) known = null;
    },
  };
}
