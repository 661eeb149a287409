/** The stored bytes of a file, readable from any place: a zip has its directory at the end. */
export interface FileSource {
  readonly size: number;
  read(from?: number): AsyncIterable<Buffer>;
}

/** The first `size` bytes of `bytes`, fewer when it is shorter, and everything: these and the rest. */
export async function peek(
  bytes: AsyncIterable<Buffer>,
  size: number,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let length = 0;
  let isEnded = false;
  while (length < size && !isEnded) {
    const next = await iterator.next();
    if (next.done) isEnded = true;
    else length += taken[taken.push(next.value) - 1]?.length ?? 0;
  }
  const start = taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken);
  async function* all() {
    try {
      if (start.length > 0) yield start;
      if (isEnded) return;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: start.subarray(0, size), all: all() };
}

/**
 * The same bytes in pieces of one size, but for the last: what is made of them then depends on the file alone, not on
 * how it arrived.
 */
export async function* inBlocks(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    let rest = piece;
    while (length + rest.length >= size) {
      const part = rest.subarray(0, size - length);
      rest = rest.subarray(part.length);
      yield held.length === 0 ? part : Buffer.concat([...held, part]);
      held = [];
      length = 0;
    }
    if (rest.length > 0) held.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(held);
}
