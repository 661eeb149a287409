import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isProcessAlive } from "../lib/processes.ts";
import type { Place } from "./embedded-place.ts";

/** The process that stops the server when we die without doing so ourselves. */
export interface Watchdog {
  readonly pid: number;
  /** Resolves with the signal or exit code that ended it. */
  readonly exited: Promise<string>;
  /** Tells it which server to stop, and other starts that somebody watches this server. */
  watch(serverPid: number): void;
  /** Ends the watch without touching the server. */
  dismiss(): Promise<void>;
}

/** Starts a watchdog. It runs as ourselves (node may be out of reach for the server's user). */
export function startWatchdog(place: Place): Watchdog {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./watchdog.mjs", import.meta.url))], {
    detached: true, // out of the terminal's group: a Ctrl-C must not reach it
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.on("error", () => {}); // EPIPE when it was killed; `exited` tells
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(describeEnd(code, signal)));
  });
  let note: string | null = null;
  return {
    pid: child.pid ?? 0,
    exited,
    watch(serverPid) {
      child.stdin.write(`${serverPid}\n`);
      note = noteFile(place, serverPid);
      // Renamed into place: a start that reads it meanwhile finds a whole number.
      writeFileSync(`${note}.${process.pid}`, String(child.pid));
      renameSync(`${note}.${process.pid}`, note);
    },
    async dismiss() {
      if (note) rmSync(note, { force: true });
      if (isRunning(child)) child.stdin.end("done\n");
      await exited;
    },
  };
}

/** Whether a living watchdog minds this server: its owner lives, or it is about to stop the server. */
export function hasWatchdog(place: Place, serverPid: number): boolean {
  try {
    const pid = Number(readFileSync(noteFile(place, serverPid), "utf8"));
    return pid > 0 && isProcessAlive(pid) && isWatchdogProcess(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Removes the notes about servers that are gone. */
export function removeOldNotes(place: Place, serverPid: number): void {
  for (const name of readdirSync(place.sockets)) {
    if (name.startsWith("watchdog-") && name !== `watchdog-${serverPid}`) {
      const isOld = !isProcessAlive(Number(name.split("-")[1]));
      if (isOld) rmSync(join(place.sockets, name), { force: true });
    }
  }
}

/** "was killed by SIGKILL" or "ended with code 1". */
export function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `was killed by ${signal}` : `ended with code ${code}`;
}

function noteFile(place: Place, serverPid: number): string {
  return join(place.sockets, `watchdog-${serverPid}`);
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Guards against another process that got the id of a watchdog long gone. Where there is no /proc, alive will do. */
function isWatchdogProcess(pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("watchdog.mjs");
  } catch {
    return false;
  }
}
