import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { isProcessAlive, pause, processGone, signalProcess } from "../lib/processes.ts";
import { StartError } from "../lib/start-error.ts";
import { type Binaries, prepareBinaries } from "./embedded-binaries.ts";
import { prepareCluster, readSecretKey } from "./embedded-init.ts";
import { choosePlace, type Place, type PlaceWish } from "./embedded-place.ts";
import {
  clearStaleNote,
  connect,
  isPostmasterAlive,
  readComplaint,
  readPostmasterNote,
  serverUrl,
  spawnPostmaster,
} from "./embedded-postmaster.ts";
import {
  describeEnd,
  hasWatchdog,
  removeOldNotes,
  startWatchdog,
  type Watchdog,
} from "./embedded-watchdog.ts";

/** A running embedded server that belongs to this process: nobody else may start on its directory. */
export interface Embedded {
  /** `postgres://chapar:…@<socket folder>/chapar`. */
  readonly url: string;
  readonly place: Place;
  readonly dataDir: string;
  readonly secretKey: string;
  /** The cluster was made by this start. */
  readonly isFirstStart: boolean;
  readonly pids: { readonly postmaster: number; readonly watchdog: number };
  /** Resolves with one sentence when the server or its watchdog ends without {@link Embedded.stop}. */
  readonly exited: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Safe to call twice. */
  stop(): Promise<void>;
}

interface Options {
  readonly place: PlaceWish;
  /** One line each for the operator. */
  log(line: string): void;
  /** For tests: no fsync. */
  readonly isThrowAway?: boolean;
}

/** A server we own: our connection holds the owner's lock for as long as we live. */
interface Owned {
  owner: pg.Client;
  watchdog: Watchdog;
  serverPid: number;
  child: ChildProcess | null;
}

// Any number that means "the owner of this server"; one session at a time can hold it, and loses it when it dies.
const ownerLock = 7_203_018;
const lockRaceMs = 10_000; // a killed server's children or zombie hold the lock a little longer
const ownerGoneMs = 2_000; // a killed owner seems to be alive until the server hears of its end
const shutdownMs = 60_000; // a checkpoint of a few GB of changed pages on a slow disk

/**
 * Starts the embedded PostgreSQL, or takes over one that was left behind by a killed owner. Throws {@link StartError}
 * when it cannot, or when another Chapar runs on the same directory.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const place = choosePlace(options.place, options.log);
  const binaries = prepareBinaries(place);
  const isFirstStart = prepareCluster(place, binaries);
  const owned = await own(place, binaries, options);
  try {
    await createDatabase(owned.owner);
  } catch (error) {
    await shutDown(owned);
    throw error;
  }
  removeOldNotes(place, owned.serverPid);

  const note = readPostmasterNote(place);
  if (!note) throw new StartError(`${place.cluster}/postmaster.pid vanished while the server started.`);
  let stopping: Promise<void> | null = null;
  return {
    url: serverUrl(place, note, "chapar"),
    place,
    dataDir: place.dataDir,
    secretKey: readSecretKey(place),
    isFirstStart,
    pids: { postmaster: owned.serverPid, watchdog: owned.watchdog.pid },
    exited: Promise.race([
      serverEnd(owned).then((end) => `The database server (process ${owned.serverPid}) ${end}`),
      owned.watchdog.exited.then((end) => `The database's watchdog (process ${owned.watchdog.pid}) ${end}`),
    ]),
    stop: () => {
      stopping ??= shutDown(owned);
      return stopping;
    },
  };
}

/** The address of a server that another process runs on this directory, or null. */
export function findRunning(place: Place): string | null {
  const note = readPostmasterNote(place);
  return note && isPostmasterAlive(place) ? serverUrl(place, note, "chapar") : null;
}

async function own(place: Place, binaries: Binaries, options: Options): Promise<Owned> {
  let refusedSince: number | null = null;
  let isTold = false;
  for (;;) {
    const found = await connect(place);
    if (typeof found !== "string") {
      const owned = await takeOver(place, found);
      if (owned) return owned;
    } else if (found === "busy" || isPostmasterAlive(place)) {
      // Starting, recovering or stopping: as long as it lives, its end or its readiness will come.
      if (!isTold) options.log("Waiting for the database of an earlier start to finish its work.");
      isTold = true;
    } else {
      const owned = await startServer(place, binaries, options.isThrowAway ?? false);
      if (owned) return owned;
      refusedSince ??= Date.now();
      clearStaleNote(place);
      if (Date.now() - refusedSince > lockRaceMs) {
        throw new StartError(
          `Another database server holds ${place.cluster}. Stop it, or set DATA_DIR to another folder. The log is ${place.logFile}`,
        );
      }
    }
    await pause(100);
  }
}

/** Takes a server that has lost its owner. Null when it has to be waited out; throws when its owner lives. */
async function takeOver(place: Place, owner: pg.Client): Promise<Owned | null> {
  if (!(await lockAsOwner(owner))) {
    await owner.end();
    throw new StartError(`Chapar already runs on ${place.dataDir}${addressOfRunning(place)}.`);
  }
  const serverPid = readPostmasterNote(place)?.pid;
  // A watchdog without an owner is about to stop the server; one whose owner is only just starting needs our lock.
  if (serverPid === undefined || hasWatchdog(place, serverPid)) {
    await owner.end();
    return null;
  }
  const watchdog = startWatchdog(place);
  watchdog.watch(serverPid);
  return { owner, watchdog, serverPid, child: null };
}

/** The lock of an owner who was just killed is still held until the server notices, which a busy machine puts off. */
async function lockAsOwner(client: pg.Client): Promise<boolean> {
  const deadline = Date.now() + ownerGoneMs;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [
      ownerLock,
    ]);
    if (rows[0]?.locked) return true;
    if (Date.now() > deadline) return false;
    await pause(100);
  }
}

/** Starts a server of our own. Null when another one holds the directory. */
async function startServer(place: Place, binaries: Binaries, isThrowAway: boolean): Promise<Owned | null> {
  const watchdog = startWatchdog(place);
  try {
    const { child, logOffset } = await spawnPostmaster(place, binaries, isThrowAway);
    const serverPid = child.pid ?? 0;
    watchdog.watch(serverPid);
    while (child.exitCode === null && child.signalCode === null) {
      // Another start's server may answer on the same socket: ours is the one in postmaster.pid.
      const owner = readPostmasterNote(place)?.pid === serverPid ? await connect(place) : "absent";
      if (typeof owner !== "string") {
        await owner.query("set lock_timeout = '15s'");
        await owner.query("select pg_advisory_lock($1)", [ownerLock]);
        return { owner, watchdog, serverPid, child };
      }
      await pause(15);
    }
    const complaint = readComplaint(place, logOffset);
    if (complaint !== "locked") throw complaint;
    await watchdog.dismiss();
    return null;
  } catch (error) {
    await watchdog.dismiss();
    throw error;
  }
}

async function createDatabase(owner: pg.Client): Promise<void> {
  const found = await owner.query("select 1 from pg_database where datname = 'chapar'");
  if (found.rowCount === 0) await owner.query("create database chapar");
}

async function serverEnd(owned: Owned): Promise<string> {
  const { child, serverPid } = owned;
  if (child) {
    if (child.exitCode !== null || child.signalCode !== null)
      return describeEnd(child.exitCode, child.signalCode);
    return new Promise((resolve) => child.once("exit", (code, signal) => resolve(describeEnd(code, signal))));
  }
  // A server that we took over is not our child; its end is told by our connection to it.
  await new Promise<void>((resolve) => owned.owner.once("end", resolve));
  while (isProcessAlive(serverPid)) await pause(100);
  return "ended";
}

async function shutDown(owned: Owned): Promise<void> {
  await owned.owner.end().catch(() => {}); // broken when the server is gone already
  const hasEnded = owned.child !== null && (owned.child.exitCode !== null || owned.child.signalCode !== null);
  // https://www.postgresql.org/docs/18/server-shutdown.html: SIGINT is the fast shutdown.
  if (
    !hasEnded &&
    signalProcess(owned.serverPid, "SIGINT") &&
    !(await processGone(owned.serverPid, shutdownMs))
  ) {
    signalProcess(owned.serverPid, "SIGQUIT");
    await processGone(owned.serverPid, lockRaceMs);
  }
  await owned.watchdog.dismiss();
}

function addressOfRunning(place: Place): string {
  try {
    const running = JSON.parse(readFileSync(join(place.dataDir, "running.json"), "utf8")) as {
      url: string;
      pid: number;
    };
    return isProcessAlive(running.pid) ? `: ${running.url} (process ${running.pid})` : "";
  } catch {
    return ""; // it has not come so far as to write it
  }
}
