import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "./run.ts";

/** A temporary folder that goes at the end. Others may pass it: as root, the database runs as another user. */
export function makeFolder(run: Run): string {
  const folder = mkdtempSync(join(tmpdir(), "chapar-bench-"));
  chmodSync(folder, 0o711);
  run.later(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}
