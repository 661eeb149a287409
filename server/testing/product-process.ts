import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { pause } from "../lib/processes.ts";

/** The supervisor in a process of its own, with what it has printed so far. */
export interface ProductProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the first match of what it prints; throws when it ends or 20 s pass without. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves with its exit code, null when a signal killed it. */
  readonly exited: Promise<number | null>;
  /** Of the database server. */
  postmaster(): number;
}

/** Starts `stand-in-product.ts` with these settings in its environment; killed after the test. */
export function startProduct(
  t: TestContext,
  dataDir: string,
  settings: Record<string, string>,
): ProductProcess {
  const script = fileURLToPath(new URL("./stand-in-product.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, "start"], {
    env: {
      ...process.env,
      PORT: "0",
      DATABASE_URL: "",
      DATA_DIR: dataDir,
      npm_lifecycle_event: "",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, as under a shell: the test sends it Ctrl-C as a terminal does
  });
  let text = "";
  child.stdout?.on("data", (data) => (text += data));
  child.stderr?.on("data", (data) => (text += data));
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return {
    child,
    exited,
    output: () => text,
    async until(pattern) {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const match = text.match(pattern);
        if (match) return match;
        if (Date.now() > deadline || child.exitCode !== null)
          throw new Error(`${pattern} not found in:\n${text}`);
        await pause(20);
      }
    },
    postmaster: () =>
      Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]),
  };
}
