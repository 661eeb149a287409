import { Duplex } from "node:stream";

/**
 * Passes a connection's bytes on, and ends it as soon as a packet announces itself longer than `maxBytes`: the parser
 * behind would collect up to 256 MB before it looks at one. Follows the fixed header of MQTT 3.1.1, §2.2.
 */
export function guardPackets(connection: Duplex, maxBytes: number): Duplex {
  const size = createPacketMeter();
  const guarded = new Duplex({
    read: () => connection.resume(),
    write: (chunk, encoding, done) => void connection.write(chunk, encoding, done),
    final: (done) => void connection.end(done),
    destroy: (error, done) => {
      connection.destroy();
      done(error);
    },
  });
  connection.on("data", (chunk: Buffer) => {
    if (size(chunk) > maxBytes) guarded.destroy(new Error(`an MQTT packet of more than ${maxBytes} bytes`));
    else if (!guarded.push(chunk)) connection.pause();
  });
  connection.on("end", () => guarded.push(null));
  connection.on("error", (error) => guarded.destroy(error));
  connection.on("close", () => guarded.destroy());
  return guarded;
}

/** Reads on in the stream and answers the largest length that a packet in this piece announced. */
export function createPacketMeter(): (chunk: Buffer) => number {
  let state: "type" | "length" | "body" = "type";
  let length = 0;
  let shift = 0;
  let remaining = 0;
  return (chunk) => {
    let largest = 0;
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
        state = "length";
        length = 0;
        shift = 0;
        continue;
      }
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte & 0x80) {
        // A fifth length byte is malformed (§2.2.3).
        if (shift >= 28) return Number.POSITIVE_INFINITY;
        continue;
      }
      largest = Math.max(largest, length);
      remaining = length;
      state = length === 0 ? "type" : "body";
    }
    return largest;
  };
}
