import { readdirSync, readFileSync } from "node:fs";
import { processStat } from "../../server/lib/processes.ts";
import type { Parts } from "./product.ts";
import { Failure, type Run } from "./run.ts";

const roles = ["api", "worker", "supervisor", "watchdog", "postgres"] as const;
export type Role = (typeof roles)[number];
export const nodeRoles = ["api", "worker", "supervisor", "watchdog"] as const;

type ByRole = Record<Role, number>;

/** What the product used between two moments. */
interface Usage {
  /** Of user and system together. */
  readonly cpuSeconds: ByRole;
  /**
   * The highest sample. Of a Node process its whole RSS; of PostgreSQL the private memory of all its processes
   * (RssAnon) and the shared memory once (the largest RssShmem): their RSS would count shared_buffers in each.
   */
  readonly peakBytes: ByRole;
  /** Of the machine's CPU time, the share that was neither idle nor the product's: others, and the bench itself. */
  readonly elsewhere: number;
}

export interface UsageMeter {
  /** Starts counting anew. */
  begin(): void;
  /** What was used since {@link begin}; counting goes on. */
  read(): Usage;
}

const sampleEveryMs = 250;
const ticksPerSecond = 100; // USER_HZ, which Linux shows to programs whatever the kernel counts in

/** Samples the product's processes from /proc until the run ends. */
export function startUsageMeter(run: Run, parts: Parts): UsageMeter {
  if (process.platform !== "linux") throw new Failure("A bench reads /proc, which only Linux has.");
  let start = readCpu(parts);
  let machineStart = readMachine();
  let peak = readMemory(parts);
  const sample = () => {
    const now = readMemory(parts);
    for (const role of roles) peak[role] = Math.max(peak[role], now[role]);
  };
  const timer = setInterval(sample, sampleEveryMs);
  run.later(() => clearInterval(timer));
  return {
    begin() {
      start = readCpu(parts);
      machineStart = readMachine();
      peak = readMemory(parts);
    },
    read() {
      sample();
      const cpuSeconds = byRole((role, now) => now[role] - start[role], readCpu(parts));
      const machine = readMachine();
      const ours = roles.reduce((sum, role) => sum + cpuSeconds[role], 0);
      const elsewhere = (machine.busy - machineStart.busy - ours) / (machine.all - machineStart.all);
      return { cpuSeconds, peakBytes: { ...peak }, elsewhere: Math.max(0, elsewhere) };
    },
  };
}

/** The highest RSS of a Node process since it started, as the kernel keeps it: no sample can miss it. */
export function highWaterBytes(pid: number): number {
  return kilobytesOf(readStatus(pid), "VmHWM") * 1024;
}

function byRole(value: (role: Role, now: ByRole) => number, now: ByRole): ByRole {
  return Object.fromEntries(roles.map((role) => [role, value(role, now)])) as ByRole;
}

function readCpu(parts: Parts): ByRole {
  const postgres = [parts.postmaster, ...childrenOf(parts.postmaster)].map((pid) => cpuOf(pid).own);
  return {
    ...byPid(parts, (pid) => cpuOf(pid).own),
    // A connection that has ended lives on in the postmaster's sum of its children.
    postgres: postgres.reduce((sum, seconds) => sum + seconds, 0) + cpuOf(parts.postmaster).ended,
  };
}

function readMemory(parts: Parts): ByRole {
  const postgres = [parts.postmaster, ...childrenOf(parts.postmaster)].map(readStatus);
  const anonymous = postgres.reduce((sum, status) => sum + kilobytesOf(status, "RssAnon"), 0);
  const shared = Math.max(...postgres.map((status) => kilobytesOf(status, "RssShmem")));
  return {
    ...byPid(parts, (pid) => kilobytesOf(readStatus(pid), "VmRSS") * 1024),
    postgres: (anonymous + shared) * 1024,
  };
}

const byPid = (parts: Parts, value: (pid: number) => number) => ({
  api: value(parts.api),
  worker: value(parts.worker),
  supervisor: value(parts.supervisor),
  watchdog: value(parts.watchdog),
});

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && processStat(pid)?.parent === parent);
}

/** Seconds of the process with its threads, and of its children that have ended and were waited for. */
function cpuOf(pid: number): { own: number; ended: number } {
  const stat = readProc(`${pid}/stat`);
  // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the third follows the command's bracket.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) / ticksPerSecond, ended: (endedUser + endedSystem) / ticksPerSecond };
}

/** CPU seconds of the whole machine since it started. */
function readMachine(): { busy: number; all: number } {
  const [line = ""] = readProc("stat").split("\n");
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these already.
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, ticks) => sum + ticks, 0);
  const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
  return { busy: (all - idle) / ticksPerSecond, all: all / ticksPerSecond };
}

const readStatus = (pid: number) => readProc(`${pid}/status`);

function kilobytesOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
}

/** Empty when the process has just ended. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}
