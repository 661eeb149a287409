import type { Encoding } from "../fields.ts";
import { createCsvReader } from "./csv.ts";
import { decode } from "./decode.ts";
import { type Delimiter, findDelimiter, findSepLine } from "./delimiter.ts";
import { type Packing, unpack } from "./packing.ts";
import type { FileRecord } from "./record.ts";
import { type FileSource, inBlocks, peek } from "./source.ts";

export { parseEncoding } from "./encoding.ts";
export { type FileFault, type FileRecord, refusedFor, UnreadableFile } from "./record.ts";
export type { FileSource } from "./source.ts";

export interface ReadOptions {
  /** What the file is written in; found out when absent. */
  encoding?: Encoding | null | undefined;
  /** ISO 3166 alpha-2; decides between code pages where the bytes do not. */
  country?: string | null | undefined;
  /** What is given is only the beginning of a file: what is begun at its end is left out. */
  isPartial?: boolean | undefined;
}

/** What was understood of the file; for the history and the preview. */
export interface Understood {
  packing: Packing;
  /** Null for a spreadsheet. */
  encoding: Encoding | null;
  /** Null for a spreadsheet. */
  delimiter: Delimiter | null;
}

/** What the delimiter is found from. */
const headBytes = 64 * 1024;
/** The size of the pieces that are parsed; always the same, so that a file is read the same each time. */
const blockBytes = 16 * 1024;

/**
 * Records of a CSV or spreadsheet, packed or not, as a stream of lists: memory does not grow with the file, but for a
 * spreadsheet within its limit. A record that cannot be read is a fault of its first line, and reading goes on; a file
 * that cannot be read throws {@link UnreadableFile}. `onUnderstood` is called before the first record comes, and again
 * if bytes further down show another encoding.
 */
export async function* readRecords(
  source: FileSource,
  options: ReadOptions = {},
  onUnderstood: (understood: Understood) => void = () => {},
): AsyncGenerator<FileRecord[]> {
  const unpacked = await unpack(source, options.isPartial);
  if (unpacked.packing === "xlsx") {
    onUnderstood({ packing: "xlsx", encoding: null, delimiter: null });
    // Its library takes as long to load as a small file takes to read, and most files are no workbooks.
    const { readXlsx } = await import("./xlsx.ts");
    yield* readXlsx(unpacked.parts);
    return;
  }
  const understood: Understood = { packing: unpacked.packing, encoding: null, delimiter: null };
  const text = decode(unpacked.bytes, options, (encoding) => {
    understood.encoding = encoding;
    if (understood.delimiter) onUnderstood({ ...understood });
  });
  const { head, all } = await peek(text, headBytes);
  const sep = findSepLine(head);
  const delimiter = sep?.delimiter ?? findDelimiter(head);
  understood.delimiter = delimiter;
  onUnderstood({ ...understood });

  const reader = createCsvReader({
    delimiter,
    firstLine: sep ? 2 : 1,
    unknownBytes: () => unknownBytes(understood.encoding ?? "utf-8"),
  });
  let skip = sep?.bytes ?? 0;
  for await (const block of inBlocks(all, blockBytes)) {
    const records = await reader.read(block.subarray(skip));
    skip = 0;
    if (records.length > 0) yield records;
  }
  if (options.isPartial) return;
  const records = await reader.end();
  if (records.length > 0) yield records;
}

const unknownBytes = (encoding: Encoding) =>
  `The row has bytes that mean nothing in ${encoding}, in which the rest of the file is written; save all of it as UTF-8.`;
