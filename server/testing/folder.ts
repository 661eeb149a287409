import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A data folder that does not exist yet, in a temporary folder that other users can pass (as root, the database runs as
 * one). Removed when the process ends, after every server in it was stopped.
 */
export function makeDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "chapar-test-"));
  chmodSync(folder, 0o711);
  process.once("exit", () =>
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  );
  return join(folder, "data");
}
