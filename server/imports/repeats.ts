import { hexDigit } from "../lib/hex.ts";

// 16 MB: of five million keys, a few in ten thousand are taken for repeats that are none.
const bits = 2 ** 27;

/**
 * Remembers keys in a fixed amount of memory, however many come (a Bloom filter over uuids that are hashes themselves):
 * one that was added is always found, and once in a while one that was not.
 */
export interface SeenKeys {
  /** Adds a uuid; true when it may have been added before. */
  add(key: string): boolean;
}

export function createSeenKeys(): SeenKeys {
  const words = new Uint32Array(bits / 32);
  return {
    add(key) {
      // Four groups of 32 bits, as the text of a uuid has them: 8-4-4-4-12.
      const probes = [word(key, 0, 4), word(key, 9, 14), word(key, 19, 24), word(key, 28, 32)];
      let wasThere = true;
      for (const probe of probes) {
        const bit = probe % bits;
        const word = bit >>> 5;
        const mask = 1 << (bit & 31);
        const found = words[word] ?? 0;
        if ((found & mask) !== 0) continue;
        wasThere = false;
        words[word] = found | mask;
      }
      return wasThere;
    },
  };
}

/** 32 bits, of which four digits each begin at two places. */
const word = (key: string, high: number, low: number) => half(key, high) * 65_536 + half(key, low);

const half = (key: string, at: number) =>
  (hexDigit(key.charCodeAt(at)) << 12) |
  (hexDigit(key.charCodeAt(at + 1)) << 8) |
  (hexDigit(key.charCodeAt(at + 2)) << 4) |
  hexDigit(key.charCodeAt(at + 3));
