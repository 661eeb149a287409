import { once } from "node:events";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { readArguments, readCount, UsageError } from "./arguments.ts";

const chunkLength = 256 * 1024;

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
  let chunk = `${sampleHeader}\n`;
  for (const row of sampleRows(rows, seed)) {
    chunk += `${row}\n`;
    if (chunk.length < chunkLength) continue;
    if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
    chunk = "";
  }
  process.stdout.write(chunk);
  return 0;
}
