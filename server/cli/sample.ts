import { once } from "node:events";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { readArguments, readCount, UsageError } from "./arguments.ts";

const chunkBytes = 256 * 1024;
const longestRow = 4096; // rows have about 400 bytes, the longest under 600
const lineFeed = 10;

/** `chapar sample --rows N [--seed S]`: a OneSignal export on stdout, as fast as its reader takes it. */
export async function sample(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    rows: { type: "string" },
    seed: { type: "string", default: "1" },
  });
  if (values.rows === undefined) throw new UsageError("--rows is missing: say how many rows to write");
  const rows = readCount("--rows", values.rows, 0);
  const seed = readCount("--seed", values.seed, 0);

  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // the reader has enough: `chapar sample … | head`
    throw error;
  });
  // Row by row into bytes: a long string with Persian in it takes twice the time to put together and encode.
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let length = chunk.write(`${sampleHeader}\n`);
  for (const row of sampleRows(rows, seed)) {
    length += chunk.write(row, length);
    chunk[length++] = lineFeed;
    if (length < chunkBytes - longestRow) continue;
    if (!process.stdout.write(chunk.subarray(0, length))) await once(process.stdout, "drain");
    chunk = Buffer.allocUnsafe(chunkBytes); // the one before may still wait to be written
    length = 0;
  }
  process.stdout.write(chunk.subarray(0, length));
  return 0;
}
