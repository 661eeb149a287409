import { spawn } from "node:child_process";
import { entryOf } from "./entry.ts";

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `chapar <args>` with these settings in its environment, and `input` piped to it. */
export function runCommand(
  args: readonly string[],
  settings: Record<string, string> = {},
  input?: Uint8Array,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...entryOf("main.ts"), ...args], {
    env: { ...process.env, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // One that does not read, or ends before, breaks the pipe.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
