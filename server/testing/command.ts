import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `chapar <args>` from the sources, with these settings in its environment. */
export function runCommand(
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<CommandResult> {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
