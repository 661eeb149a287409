import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { StartError } from "../lib/start-error.ts";
import { canEnter, giveTo, ourselves, type ServerUser, serverUser } from "./embedded-user.ts";

/** Where everything of one embedded server lives. All paths are absolute. */
export interface Place {
  readonly dataDir: string;
  readonly user: ServerUser;
  /** PostgreSQL's own directory. */
  readonly cluster: string;
  /** 0700; holds the socket and the watchdog notes. */
  readonly sockets: string;
  readonly logFile: string;
}

/** Where to look for a data directory: `wanted` alone when set, else the usual places. */
export interface PlaceWish {
  readonly wanted: string | null;
  /** The clone's folder, or null when Chapar was installed as a package (an upgrade would remove data kept there). */
  readonly cloneRoot: string | null;
  readonly homeDir: string;
  /** `$XDG_DATA_HOME`, or null. */
  readonly xdgDataHome: string | null;
}

/**
 * Takes the first data directory that can be written and that the server's user can reach, and makes it. A place other
 * than the first choice is told to `log` with the reason. Throws {@link StartError} when none will do.
 */
export function choosePlace(wish: PlaceWish, log: (line: string) => void): Place {
  const choice = choose(wish, log, (dataDir) =>
    serverUser([join(dataDir, "postgres"), dataDir], wish.cloneRoot),
  );
  return layOut(choice.dataDir, choice.user);
}

/** Like {@link choosePlace}, for logs and notes beside an outside database: only we have to reach it. */
export function chooseDataDir(wish: PlaceWish, log: (line: string) => void): string {
  const { dataDir } = choose(wish, log, ourselves);
  mkdirSync(join(dataDir, "logs"), { recursive: true, mode: 0o700 });
  return dataDir;
}

function choose(wish: PlaceWish, log: (line: string) => void, userFor: (dataDir: string) => ServerUser) {
  const refusals: string[] = [];
  for (const dataDir of dataDirs(wish)) {
    const user = userFor(dataDir);
    const refusal = claim(dataDir, user);
    if (refusal === null) {
      if (refusals.length > 0) log(`Data is kept in ${dataDir}, since ${refusals.join("; ")}.`);
      return { dataDir, user };
    }
    refusals.push(refusal);
  }
  throw new StartError(
    `There is no place for the data: ${refusals.join("; ")}. Set DATA_DIR to a folder that can be written and reached.`,
  );
}

/** The folders that {@link choosePlace} tries, in order. */
export function dataDirs(wish: PlaceWish): string[] {
  if (wish.wanted) return [wish.wanted];
  const shared =
    process.getuid?.() === 0
      ? "/var/lib/chapar"
      : join(wish.xdgDataHome ?? join(wish.homeDir, ".local", "share"), "chapar");
  return wish.cloneRoot ? [join(wish.cloneRoot, "data"), shared] : [shared];
}

/** Makes the folder usable for both us and the server's user; answers why not, or null when it is. */
function claim(dataDir: string, user: ServerUser): string | null {
  const parent = nearestFolder(dirname(dataDir));
  if (!canEnter(user, parent)) return `user ${user.name}, who runs the database, cannot enter ${parent}`;
  try {
    const isNew = makeFolder(dataDir);
    // An empty folder is taken over; one that holds other things stays its owner's.
    if (isNew || readdirSync(dataDir).length === 0) {
      giveTo(user, dataDir);
      if (isNew) chmodSync(dataDir, 0o700);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return `${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
  if (!canEnter(user, dataDir)) return `user ${user.name}, who runs the database, cannot enter ${dataDir}`;
  const cluster = statSync(join(dataDir, "postgres"), { throwIfNoEntry: false });
  if (cluster && process.platform !== "win32" && user.uid !== 0 && cluster.uid !== user.uid) {
    return `${dataDir} belongs to another user (id ${cluster.uid}): start Chapar as that user`;
  }
  return null;
}

/** Makes the folder and those above it; tells whether it is new. Node's own recursive mkdir never ends below /proc. */
function makeFolder(path: string): boolean {
  if (existsSync(path)) return false;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o755 });
  return true;
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

function layOut(dataDir: string, user: ServerUser): Place {
  const sockets = makeSocketFolder(dataDir, user);
  const logs = join(dataDir, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  giveTo(user, logs);
  return { dataDir, user, cluster: join(dataDir, "postgres"), sockets, logFile: join(logs, "postgres.log") };
}

function makeSocketFolder(dataDir: string, user: ServerUser): string {
  const beside = join(dataDir, "run");
  // unix(7): a socket's path has 107 bytes (103 on macOS); PostgreSQL adds "/.s.PGSQL.5432".
  const fits = Buffer.byteLength(beside) <= 85;
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  const folder = fits ? beside : join(tmpdir(), `chapar-${user.uid}-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(user, folder);
  const made = statSync(folder);
  if (process.platform !== "win32" && made.uid !== user.uid) {
    throw new StartError(`${folder} belongs to someone else. Remove it, or set DATA_DIR to a shorter path.`);
  }
  chmodSync(folder, 0o700);
  return folder;
}

/** Opens a log for appending, 0600 and the server user's. One beyond 20 MB is put aside first, as `<file>.1`. */
export function openLog(file: string, owner: ServerUser): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 20_000_000) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, "a", 0o600);
  giveTo(owner, file);
  return descriptor;
}

/** The part of a log written since `offset` bytes. */
export function readLogFrom(file: string, offset: number): string {
  return readFileSync(file).subarray(offset).toString("utf8");
}
