import { bouncePrefix, leavePrefix } from "../links/links.ts";
import type { LinkTokens, TokenSubject } from "../links/tokens.ts";

/** What an address of ours is for: where mails come back to, where to write to hear no more, or who minds complaints. */
export type OurAddress =
  | { kind: "bounce" | "leave"; subject: TokenSubject }
  /** abuse@ and such (RFC 2142 §4): what it is about has to be found in the mail. */
  | { kind: "office" };

const prefixes = [
  [bouncePrefix, "bounce"],
  [leavePrefix, "leave"],
] as const;
const offices = new Set(["abuse", "fbl", "postmaster"]);

/** Reads an address; null for one that is none of ours, or forged. Its domain is whatever leads to us. */
export function readAddress(tokens: LinkTokens, address: string): OurAddress | null {
  const [, local = ""] = /^<?([\w+-]{1,64})@[^@\s]{1,255}$/.exec(address.trim()) ?? [];
  const name = local.toLowerCase();
  if (offices.has(name)) return { kind: "office" };
  for (const [prefix, kind] of prefixes) {
    const subject = name.startsWith(prefix) && tokens.readAddress(kind, name.slice(prefix.length));
    if (subject) return { kind, subject };
  }
  return null;
}
