import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createPacketMeter } from "./packet-guard.ts";

/** A PUBLISH-like packet whose body has `size` bytes. */
function packet(size: number): Buffer {
  const header = [0x30];
  let rest = size;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    header.push(rest > 0 ? byte | 0x80 : byte);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(size, 0x7f)]);
}

test("the largest packet is found, and all are counted, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(70_000), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(200_000), { maxLength: 6 }),
      (sizes, cuts) => {
        const stream = Buffer.concat(sizes.map(packet));
        const meter = createPacketMeter();
        const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const seen = edges.slice(1).map((edge, index) => meter(stream.subarray(edges[index], edge)));
        assert.equal(Math.max(...seen.map(({ largest }) => largest)), Math.max(...sizes));
        assert.equal(
          seen.reduce((sum, { packets }) => sum + packets, 0),
          sizes.length,
        );
      },
    ),
  );
});

test("a length of more than four bytes is refused", () => {
  assert.equal(
    createPacketMeter()(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])).largest,
    Number.POSITIVE_INFINITY,
  );
});
