import { spawnSync } from "node:child_process";
import { chownSync, readFileSync, statSync } from "node:fs";

/** Who runs the database server. PostgreSQL refuses to run as root, so root hands it to another user. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** For `spawn`: empty unless we are root, the only one who may change users. */
  readonly identity: { uid?: number; gid?: number };
}

/**
 * The user for the server. As an ordinary user: that one. As root, in this order: the owner of `dataFolders` (the first
 * that exists and isn't root's), the clone's owner, `postgres`, `nobody`. Nothing is created on the system.
 */
export function serverUser(dataFolders: readonly string[], cloneRoot: string | null): ServerUser {
  if (process.getuid?.() !== 0) return ourselves();
  const users = readUsers();
  const owners = [...dataFolders, ...(cloneRoot ? [cloneRoot] : [])].map(ownerOf);
  // initdb refuses a user without a passwd entry, so an owner that only a container's volume knows is passed over.
  const found =
    owners.map((uid) => users.find((user) => uid !== null && uid !== 0 && user.uid === uid)).find(Boolean) ??
    users.find((user) => user.name === "postgres") ??
    users.find((user) => user.name === "nobody");
  const { name, uid, gid } = found ?? { name: "nobody", uid: 65534, gid: 65534 };
  return { name, uid, gid, identity: { uid, gid } };
}

/** The user of this process. */
export function ourselves(): ServerUser {
  const uid = process.getuid?.() ?? 0;
  const name = readUsers().find((user) => user.uid === uid)?.name ?? `user ${uid}`;
  return { name, uid, gid: process.getgid?.() ?? 0, identity: {} };
}

/** Gives files that root made for the server to its user; does nothing as an ordinary user. */
export function giveTo(user: ServerUser, ...paths: string[]): void {
  if (user.identity.uid === undefined) return;
  for (const path of paths) chownSync(path, user.uid, user.gid);
}

/** Whether the user can enter the folder, asked of the kernel by a process that runs as that user. */
export function canEnter(user: ServerUser, folder: string): boolean {
  if (process.platform === "win32") return true;
  const probe = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...user.identity, cwd: "/" });
  return probe.status === 0;
}

function ownerOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}

function readUsers(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .filter((fields) => fields.length >= 4)
      .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  } catch {
    return []; // Windows has no such file, macOS keeps only system users in it
  }
}
