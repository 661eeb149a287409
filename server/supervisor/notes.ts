import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { giveTo, type ServerUser } from "../db/embedded-user.ts";

const Running = z.object({ url: z.string(), pid: z.number() });
const FirstRun = z.object({
  panel: z.string(),
  signIn: z.string().nullable(),
  appId: z.string(),
  accessToken: z.string().nullable(),
});

/** What the first start showed, kept 0600 in the data directory. */
export type FirstRun = z.infer<typeof FirstRun>;

/** The file that keeps the first start's tokens. */
export function firstRunFile(dataDir: string): string {
  return join(dataDir, "first-run.json");
}

/** Writes the tokens, readable by the server's user alone. */
export function writeFirstRun(dataDir: string, owner: ServerUser, content: FirstRun): void {
  rmSync(firstRunFile(dataDir), { force: true }); // its mode may have been widened
  writeFileSync(firstRunFile(dataDir), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  giveTo(owner, firstRunFile(dataDir));
}

/** What the first start wrote, or null when the file is gone (it may be deleted once read). */
export function readFirstRun(dataDir: string): FirstRun | null {
  return FirstRun.nullable().parse(readJson(firstRunFile(dataDir)));
}

/** Leaves the address for the other commands and for a second start. */
export function writeRunning(dataDir: string, url: string): void {
  removeRunning(dataDir); // it may be another user's, of whom only the folder is ours
  writeFileSync(join(dataDir, "running.json"), `${JSON.stringify({ url, pid: process.pid })}\n`);
}

/** Removes the address at the end. */
export function removeRunning(dataDir: string): void {
  rmSync(join(dataDir, "running.json"), { force: true });
}

/** The address of the Chapar that runs on this directory, or null. It may have died without removing it. */
export function readRunning(dataDir: string): z.infer<typeof Running> | null {
  return Running.nullable().parse(readJson(join(dataDir, "running.json")));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // EACCES: another user's folder is as good as none.
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
