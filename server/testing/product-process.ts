import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { pause } from "../lib/processes.ts";
import { entryOf } from "./entry.ts";

/** The supervisor in a process of its own, with what it has printed so far. */
export interface ProductProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the first match of what it prints; throws when it ends or a minute passes without. */
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
  return launch(t, ["testing/stand-in-product.ts", "start"], { DATA_DIR: dataDir, ...settings });
}

/** Starts `chapar <args>` itself, with these settings; killed after the test. */
export function startChapar(
  t: TestContext,
  args: readonly string[],
  settings: Record<string, string>,
): ProductProcess {
  return launch(t, ["main.ts", ...args], settings);
}

function launch(
  t: TestContext,
  [script = "", ...args]: readonly string[],
  settings: Record<string, string>,
): ProductProcess {
  const child = spawn(process.execPath, [...entryOf(script), ...args], {
    env: {
      ...process.env,
      PORT: "0",
      DATABASE_URL: "",
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
      const deadline = Date.now() + 60_000;
      for (;;) {
        const match = text.match(pattern);
        if (match) return match;
        if (Date.now() > deadline || child.exitCode !== null)
          throw new Error(`${pattern} not found in:\n${text}`);
        await pause(20);
      }
    },
    postmaster: () => postmasterOf(settings.DATA_DIR ?? ""),
  };
}

/** The process id of the database server that runs on this data directory. */
function postmasterOf(dataDir: string): number {
  return Number(postmasterNote(dataDir)[0]);
}

/** Ids of every process of the product on this data directory that its own notes and logs know of. */
export function processesOn(dataDir: string): {
  api: number;
  worker: number;
  postmaster: number;
  watchdog: number;
} {
  const postmaster = postmasterOf(dataDir);
  // https://www.postgresql.org/docs/18/storage-file-layout.html: the fifth line is the folder of the socket.
  const note = join(postmasterNote(dataDir)[4] ?? "", `watchdog-${postmaster}`);
  return {
    api: lastPid(join(dataDir, "logs", "api.log")),
    worker: lastPid(join(dataDir, "logs", "worker.log")),
    postmaster,
    watchdog: Number(readFileSync(note, "utf8")),
  };
}

function postmasterNote(dataDir: string): string[] {
  return readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
}

function lastPid(log: string): number {
  return Number(
    readFileSync(log, "utf8")
      .match(/"pid":(\d+)/g)
      ?.at(-1)
      ?.slice(6),
  );
}
