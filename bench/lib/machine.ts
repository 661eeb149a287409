import { cpus, totalmem } from "node:os";
import { parse } from "csv-parse/sync";
import type pg from "pg";
import { median } from "./statistics.ts";

/** One line on what the figures were measured on. */
export async function describeMachine(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  const processors = cpus();
  const model = processors[0]?.model.trim() || "unknown processor";
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  return `${model}, ${processors.length} cores, ${memory}; Node ${process.versions.node}, PostgreSQL ${rows[0]?.server_version}`;
}

/**
 * Rows a second that csv-parse alone reads, the median of three: a yardstick of the machine at this moment, since a
 * shared one is not always equally fast.
 */
export function measureCsvParse(csv: string): number {
  const bytes = Buffer.from(csv);
  const speeds = [1, 2, 3].map(() => {
    const start = performance.now();
    const { length } = parse(bytes) as string[][];
    return (length * 1000) / (performance.now() - start);
  });
  return median(speeds);
}
