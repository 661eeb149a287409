import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { isProcessAlive } from "../lib/processes.ts";
import { StartError } from "../lib/start-error.ts";
import type { Binaries } from "./embedded-binaries.ts";
import type { Place } from "./embedded-place.ts";
import { giveTo } from "./embedded-user.ts";

// No pg_upgrade comes with the binaries, so the package is pinned and the major stays.
const major = "18";
const megabyte = 1024 * 1024;

/**
 * Makes the cluster when there is none; tells whether it did. It is made in a folder beside and renamed, so an
 * interrupted or doubled first start leaves nothing half-made. Throws {@link StartError}.
 */
export function prepareCluster(place: Place, binaries: Binaries): boolean {
  if (existsSync(join(place.cluster, "PG_VERSION"))) {
    const found = readFileSync(join(place.cluster, "PG_VERSION"), "utf8").trim();
    if (found === major) return false;
    throw new StartError(
      `${place.cluster} was made by PostgreSQL ${found}, this Chapar carries ${major}. Start the Chapar that made it and move the data, or set DATA_DIR to an empty folder.`,
    );
  }
  if (existsSync(place.cluster) && readdirSync(place.cluster).length > 0) {
    throw new StartError(
      `${place.cluster} holds files that are not a database. Move them away or set DATA_DIR to another folder.`,
    );
  }
  removeUnfinished(place);
  const unfinished = join(place.dataDir, `postgres.init-${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(place.user, unfinished);
  try {
    runInitdb(place, binaries, unfinished);
    renameSync(unfinished, place.cluster);
    return true;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(join(place.cluster, "PG_VERSION"))) return false; // another first start was faster
    throw error;
  }
}

function runInitdb(place: Place, binaries: Binaries, folder: string): void {
  const result = spawnSync(
    binaries.initdb,
    [
      ...["-D", folder, "-U", "chapar", "--auth=scram-sha-256", `--pwfile=${passwordFile(place)}`],
      // Same ordering on every system, and no index breaks when its ICU or glibc is upgraded.
      ...["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"],
    ],
    { ...place.user.identity, cwd: "/", encoding: "utf8" },
  );
  if (result.status === 0) return;
  const said = (result.error?.message ?? result.stderr).trim().split("\n");
  const reason = said.find((line) => line.includes("error:")) ?? said.at(-1) ?? "no reason given";
  throw new StartError(
    `The database could not be made in ${place.dataDir}: ${reason.trim()}. Free some space or set DATA_DIR to another folder.`,
  );
}

function removeUnfinished(place: Place): void {
  for (const name of readdirSync(place.dataDir)) {
    const maker = /^postgres\.init-(\d+)$/.exec(name)?.[1];
    if (maker && !isProcessAlive(Number(maker))) {
      rmSync(join(place.dataDir, name), { recursive: true, force: true });
    }
  }
}

/** The server's password: made once, 0600. */
export function readPassword(place: Place): string {
  return readOrMakeSecret(place, "database-password");
}

/** `SECRET_KEY` of an installation with the embedded server: made once, 0600, part of every back-up. */
export function readSecretKey(place: Place): string {
  return readOrMakeSecret(place, "secret-key");
}

function passwordFile(place: Place): string {
  readPassword(place);
  return join(place.dataDir, "database-password");
}

function readOrMakeSecret(place: Place, name: string): string {
  const file = join(place.dataDir, name);
  try {
    // "wx": of two first starts one makes it, and the other reads it.
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    giveTo(place.user, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length >= 32) return secret;
  throw new StartError(`${file} is damaged: expected 64 hexadecimal digits. Restore it from a back-up.`);
}

/** PostgreSQL's settings for this machine, as `-c` arguments. `isThrowAway` trades safety for speed in tests. */
export function serverArguments(place: Place, port: number | null, isThrowAway: boolean): string[] {
  const settings = {
    ...(port === null
      ? { listen_addresses: "", unix_socket_directories: place.sockets, unix_socket_permissions: "0700" }
      : { listen_addresses: "127.0.0.1", port: String(port) }),
    max_connections: isThrowAway ? "300" : "100",
    shared_buffers: `${Math.max(32, Math.min(1024, Math.floor(memoryBytes() / 4 / megabyte)))}MB`,
    work_mem: "64MB",
    maintenance_work_mem: "256MB",
    max_wal_size: `${maxWalMegabytes(place.dataDir)}MB`,
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] ",
    // A container gives /dev/shm only 64 MB by default, too little for parallel queries with this work_mem.
    ...(isSharedMemorySmall() ? { dynamic_shared_memory_type: "mmap" } : {}),
    ...(isThrowAway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  return [
    "-D",
    place.cluster,
    ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
  ];
}

function memoryBytes(): number {
  // In a container its limit, not the machine's memory; unlimited is reported as 0 or as a huge number.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** 8 GB as measured best for imports, but never more than a quarter of the free disk. */
function maxWalMegabytes(folder: string): number {
  const disk = statfsSync(folder);
  return Math.max(256, Math.min(8192, Math.floor((disk.bavail * disk.bsize) / 4 / megabyte)));
}

function isSharedMemorySmall(): boolean {
  try {
    const memory = statfsSync("/dev/shm");
    return memory.blocks * memory.bsize < 256 * megabyte;
  } catch {
    return false; // macOS and Windows have no such folder
  }
}
