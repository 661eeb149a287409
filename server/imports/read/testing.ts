import { type FileRecord, type FileSource, type ReadOptions, readRecords, type Understood } from "./read.ts";

/** A file in memory that comes in pieces of the given sizes, over and over. */
export function fileOf(content: string | Uint8Array, pieceSizes: number[] = [1_000]): FileSource {
  const bytes = Buffer.from(content);
  async function* read(from = 0) {
    for (let at = from, piece = 0; at < bytes.length; piece++) {
      const size = pieceSizes[piece % pieceSizes.length] ?? 1_000;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  return { size: bytes.length, read };
}

/** All records of a file, and what was last understood of it. */
export async function readAll(
  file: string | Uint8Array | FileSource,
  options: ReadOptions = {},
): Promise<{ records: FileRecord[]; understood: Understood | null }> {
  const source = typeof file === "string" || file instanceof Uint8Array ? fileOf(file) : file;
  const records: FileRecord[] = [];
  let understood: Understood | null = null;
  for await (const list of readRecords(source, options, (found) => {
    understood = found;
  })) {
    records.push(...list);
  }
  return { records, understood };
}

/** Line and values of each record, or what is wrong with it. */
export const brief = (records: FileRecord[]) =>
  records.map((record) => [record.line, record.fields?.join("|") ?? `✗ ${record.fault}`]);
