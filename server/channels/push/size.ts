import type { Outcome } from "../provider.ts";

/** Bytes of a text in UTF-8; counted only where it could be over `most`. */
export const isLonger = (text: string, most: number): boolean =>
  // A unit of UTF-16 has at most three bytes.
  text.length * 3 > most && Buffer.byteLength(text) > most;

/**
 * A message that is too long for a service, in words: how long it is and what to shorten. `parts` are what may be
 * shortened, by their names; those that are missing count nothing.
 */
export function tooLong(
  bytes: number,
  { most, service, parts }: { most: number; service: string; parts: Record<string, unknown> },
): Outcome {
  const [longest] = Object.entries(parts)
    .map(([name, value]) => ({ name, bytes: bytesOf(value) }))
    .sort((a, b) => b.bytes - a.bytes);
  const cure = longest ? `; shorten ${longest.name}, which has ${longest.bytes}` : "";
  return {
    kind: "rejected",
    code: "payload_too_large",
    detail: `The message has ${bytes} bytes, and ${service} takes ${most}${cure}.`,
  };
}

const bytesOf = (value: unknown): number =>
  value === undefined || value === null
    ? 0
    : Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value));
