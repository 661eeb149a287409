import type { Duplex } from "node:stream";

/** Packets that a device may send a second, and in one go: it acknowledges a thousand messages that waited for it. */
const packetsPerSecond = 200;
const packetsAtOnce = 2_000;

/** What a guard can be told of its connection. */
export interface Guard {
  /** Whoever this is may send as much as they like. */
  trust(): void;
}

/**
 * Looks at what comes over a connection before the broker reads it, and ends the connection as soon as a packet announces
 * itself longer than `maxBytes`: the parser behind would collect up to 256 MB before it looks at one. Whoever sends packet
 * after packet is read more slowly. Follows the fixed header of MQTT 3.1.1, §2.2.
 *
 * It stands in the connection itself: a stream around each of ten thousand would have another buffer and another write.
 */
export function guardPackets(connection: Duplex, maxBytes: number): Guard {
  const meter = createPacketMeter();
  let left = packetsAtOnce;
  let countedAtMs = Date.now();
  let isTrusted = false;
  let held: NodeJS.Timeout | undefined;
  const push = connection.push.bind(connection);
  const read = connection._read.bind(connection);

  const slowDown = (packets: number) => {
    const nowMs = Date.now();
    left = Math.min(packetsAtOnce, left + ((nowMs - countedAtMs) * packetsPerSecond) / 1_000) - packets;
    countedAtMs = nowMs;
    if (left >= 0) return;
    clearTimeout(held);
    held = setTimeout(
      () => {
        held = undefined;
        read(0);
      },
      (-left * 1_000) / packetsPerSecond,
    );
  };
  connection.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) return push(null);
    const { largest, packets } = meter(chunk);
    if (largest > maxBytes) {
      connection.destroy(new Error(`an MQTT packet of more than ${maxBytes} bytes`));
      return false;
    }
    if (!isTrusted) slowDown(packets);
    const isWanted = push(chunk, encoding);
    return isWanted && held === undefined;
  };
  // Whoever has read all asks for more.
  connection._read = (size) => {
    if (held === undefined) read(size);
  };
  connection.once("close", () => clearTimeout(held));
  return {
    trust: () => {
      isTrusted = true;
    },
  };
}

/** Reads on in the stream: how many packets begin in this piece, and the largest length that one announces. */
export function createPacketMeter(): (chunk: Buffer) => { largest: number; packets: number } {
  let state: "type" | "length" | "body" = "type";
  let length = 0;
  let shift = 0;
  let remaining = 0;
  return (chunk) => {
    let largest = 0;
    let packets = 0;
    for (let at = 0; at < chunk.length; ) {
      if (state === "body") {
        const skipped = Math.min(remaining, chunk.length - at);
        remaining -= skipped;
        at += skipped;
        if (remaining === 0) state = "type";
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (state === "type") {
        packets++;
        state = "length";
        length = 0;
        shift = 0;
        continue;
      }
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte & 0x80) {
        // A fifth length byte is malformed (§2.2.3).
        if (shift >= 28) return { largest: Number.POSITIVE_INFINITY, packets };
        continue;
      }
      largest = Math.max(largest, length);
      remaining = length;
      state = length === 0 ? "type" : "body";
    }
    return { largest, packets };
  };
}
