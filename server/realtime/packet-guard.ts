import { Duplex } from "node:stream";

/** Packets that a device may send a second, and in one go: it acknowledges a thousand messages that waited for it. */
const packetsPerSecond = 200;
const packetsAtOnce = 2_000;

/** A connection whose bytes are looked at before the broker reads them. */
export interface GuardedConnection extends Duplex {
  /** Whoever this is may send as much as they like. */
  trust(): void;
}

/**
 * Passes a connection's bytes on, and ends it as soon as a packet announces itself longer than `maxBytes`: the parser
 * behind would collect up to 256 MB before it looks at one. One that sends packet after packet is read more slowly.
 * Follows the fixed header of MQTT 3.1.1, §2.2.
 */
export function guardPackets(connection: Duplex, maxBytes: number): GuardedConnection {
  const meter = createPacketMeter();
  let left = packetsAtOnce;
  let countedAtMs = Date.now();
  let isTrusted = false;
  let waiting: NodeJS.Timeout | undefined;
  const guarded = new Duplex({
    read: () => {
      if (waiting === undefined) connection.resume();
    },
    write: (chunk, encoding, done) => void connection.write(chunk, encoding, done),
    // The broker writes a packet in pieces: together they are one call of the system.
    writev: (pieces, done) => void connection.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done),
    final: (done) => void connection.end(done),
    destroy: (error, done) => {
      clearTimeout(waiting);
      connection.destroy();
      done(error);
    },
  });
  const slowDown = (packets: number) => {
    const nowMs = Date.now();
    left = Math.min(packetsAtOnce, left + ((nowMs - countedAtMs) * packetsPerSecond) / 1_000) - packets;
    countedAtMs = nowMs;
    if (left >= 0) return;
    connection.pause();
    waiting = setTimeout(
      () => {
        waiting = undefined;
        connection.resume();
      },
      (-left * 1_000) / packetsPerSecond,
    );
  };
  connection.on("data", (chunk: Buffer) => {
    const { largest, packets } = meter(chunk);
    if (largest > maxBytes) {
      guarded.destroy(new Error(`an MQTT packet of more than ${maxBytes} bytes`));
      return;
    }
    if (!guarded.push(chunk)) connection.pause();
    if (!isTrusted) slowDown(packets);
  });
  connection.on("end", () => guarded.push(null));
  connection.on("error", (error) => guarded.destroy(error));
  connection.on("close", () => guarded.destroy());
  return Object.assign(guarded, {
    trust: () => {
      isTrusted = true;
    },
  });
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
