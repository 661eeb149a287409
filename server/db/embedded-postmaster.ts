import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { isProcessAlive, pause } from "../lib/processes.ts";
import { StartError } from "../lib/start-error.ts";
import type { Binaries } from "./embedded-binaries.ts";
import { readPassword, serverArguments } from "./embedded-init.ts";
import { openLog, type Place, readLogFrom } from "./embedded-place.ts";

/** The first lines of PostgreSQL's own postmaster.pid. */
export interface PostmasterNote {
  readonly pid: number;
  readonly port: number;
  /** Folder of the socket, or empty when the server listens on TCP (Windows). */
  readonly sockets: string;
}

/** What postmaster.pid says, or null when no server runs (or it has not written all of it yet). */
export function readPostmasterNote(place: Place): PostmasterNote | null {
  try {
    const lines = readFileSync(join(place.cluster, "postmaster.pid"), "utf8").split("\n");
    if (lines.length < 6) return null;
    return { pid: Number(lines[0]), port: Number(lines[3]), sockets: lines[4] ?? "" };
  } catch {
    return null; // none, or being replaced at this moment (Windows locks it)
  }
}

/** The address of the server that the note describes. */
export function serverUrl(place: Place, note: PostmasterNote, database: string): string {
  const host =
    process.platform === "win32"
      ? `127.0.0.1:${note.port}`
      : encodeURIComponent(note.sockets || place.sockets);
  return `postgres://chapar:${readPassword(place)}@${host}/${database}`;
}

/** A connection to the running server; "absent" when nothing answers, "busy" while it starts, recovers or stops. */
export async function connect(place: Place): Promise<pg.Client | "absent" | "busy"> {
  const note = readPostmasterNote(place);
  if (!note) return "absent";
  const client = new pg.Client({
    connectionString: serverUrl(place, note, "postgres"),
    connectionTimeoutMillis: 5_000,
    application_name: "chapar owner",
  });
  client.on("error", () => {}); // the end of the connection is watched by 'end'
  try {
    await client.connect();
    return client;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "28P01") {
      throw new StartError(
        `The database in ${place.dataDir} refuses the password in its file database-password. Restore that file from a back-up.`,
        { cause: error },
      );
    }
    return code === "57P03" ? "busy" : "absent"; // 57P03 cannot_connect_now
  }
}

/** Starts the server process; readiness is for the caller to find out. Its stderr goes to a file, never to a pipe. */
export async function spawnPostmaster(
  place: Place,
  binaries: Binaries,
  isThrowAway: boolean,
): Promise<{ child: ChildProcess; logOffset: number }> {
  const log = openLog(place.logFile, place.user);
  const logOffset = statSync(place.logFile).size;
  const port = process.platform === "win32" ? await freePort() : null;
  try {
    const child = spawn(binaries.postgres, serverArguments(place, port, isThrowAway), {
      ...place.user.identity,
      cwd: "/",
      detached: true, // out of the terminal's group: a Ctrl-C must not stop it before its clients
      stdio: ["ignore", log, log],
    });
    child.on("error", () => {}); // reported by the missing pid
    if (child.pid === undefined) throw new StartError(`${binaries.postgres} could not be started.`);
    return { child, logOffset };
  } finally {
    closeSync(log);
  }
}

/** What a server that ended before it was ready said: "locked" when another one holds the directory, or its complaint. */
export function readComplaint(place: Place, logOffset: number): "locked" | StartError {
  const said = readLogFrom(place.logFile, logOffset);
  if (/lock file "[^"]*" already exists|shared memory block|is already in use/.test(said)) return "locked";
  const fatal = said.match(/(?:FATAL|PANIC): {2}(.*)/)?.[1] ?? "it gave no reason";
  return new StartError(`The database did not start: ${fatal}. Its log is ${place.logFile}`);
}

/** Whether the process named by postmaster.pid is alive and really a server on this directory. */
export function isPostmasterAlive(place: Place): boolean {
  const note = readPostmasterNote(place);
  return (
    note !== null &&
    isProcessAlive(note.pid) &&
    (process.platform !== "linux" || usesCluster(place, note.pid))
  );
}

/**
 * Removes a postmaster.pid whose process id now belongs to something else (a restarted container hands out the same
 * numbers again) or to a zombie nobody reaps. PostgreSQL would refuse to start beside it. Only where /proc can prove
 * that no server process is left on the directory.
 */
export function clearStaleNote(place: Place): void {
  const stale = readPostmasterNote(place)?.pid;
  if (process.platform !== "linux" || stale === undefined) return;
  const isUsed = readdirSync("/proc").some(
    (entry) => /^\d+$/.test(entry) && usesCluster(place, Number(entry)),
  );
  if (isUsed || readPostmasterNote(place)?.pid !== stale) return;
  rmSync(join(place.cluster, "postmaster.pid"), { force: true });
}

/** Every PostgreSQL process works in its data directory. */
function usesCluster(place: Place, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(place.cluster);
  } catch (error) {
    // A container's root may not look at other users' processes: then any PostgreSQL of the server's user counts.
    return (error as NodeJS.ErrnoException).code === "EACCES" && isPostgresOf(place.user.uid, pid);
  }
}

function isPostgresOf(uid: number, pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return command === "postgres" && statSync(`/proc/${pid}`).uid === uid;
  } catch {
    return false; // it ended meanwhile
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  while (!server.listening) await pause(5);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");
  return address.port;
}
