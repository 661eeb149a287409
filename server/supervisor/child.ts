import { type ChildProcess, fork } from "node:child_process";
import { closeSync } from "node:fs";
import { openLog } from "../db/embedded-place.ts";
import type { ServerUser } from "../db/embedded-user.ts";
import { describeEnd } from "../db/embedded-watchdog.ts";
import { StartError } from "../lib/start-error.ts";
import type { FromRole, Ready, Role, ToRole } from "./messages.ts";

interface Options {
  readonly role: Role;
  /** Module that runs a role with the arguments `start --role <role>`. */
  readonly entry: string;
  /** Environment of the next start; asked again at each restart. */
  environment(): NodeJS.ProcessEnv;
  /** Where its output goes; null for our own stdout and stderr. */
  readonly logFile: string | null;
  readonly owner: ServerUser;
  say(line: string): void;
  /** A restarted role is ready again, perhaps elsewhere. */
  onRestart(ready: Ready): void;
  /** It was killed, or fails again and again: everything has to end. `reason` is one sentence. */
  onEnd(reason: string): void;
}

/** One role in a process of its own, started again when it fails. */
export interface Child {
  /** Starts it and waits until it is ready. Throws {@link StartError} when it fails before. */
  start(): Promise<Ready>;
  /** Ends it with grace and starts it again, with a new environment. */
  restart(): Promise<void>;
  /** Stops it with grace, then by force. */
  stop(): Promise<void>;
}

const maxFailures = 5;
const failureWindowMs = 60_000;
const maxBackoffMs = 30_000;
const graceMs = 20_000; // longer than a provider call that is under way
const readyMs = 60_000;

/** Milliseconds before restart number `failures` (1-based): 1 s, 2 s, 4 s … at most 30 s. */
export function restartDelayMs(failures: number): number {
  return Math.min(maxBackoffMs, 1000 * 2 ** (failures - 1));
}

/** Prepares a supervised role; nothing runs before `start()`. */
export function superviseRole(options: Options): Child {
  let child: ChildProcess | null = null;
  let isStopping = false;
  let isReplacing = false;
  let restart: NodeJS.Timeout | null = null;
  let failures: number[] = [];

  function launch(onExit: (code: number | null, signal: NodeJS.Signals | null) => void): Promise<Ready> {
    const process = spawnRole(options);
    child = process;
    process.once("exit", onExit);
    return answerOf(process, options);
  }

  function onLaterExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (isStopping || isReplacing) return;
    const name = `The ${options.role} process (${child?.pid})`;
    if (signal) {
      options.onEnd(`${name} ${describeEnd(code, signal)}`);
      return;
    }
    const now = Date.now();
    failures = [...failures.filter((time) => now - time < failureWindowMs), now];
    const log = options.logFile ? ` Its log is ${options.logFile}` : "";
    if (failures.length >= maxFailures) {
      options.onEnd(`${name} failed ${maxFailures} times within a minute.${log}`);
      return;
    }
    const delay = restartDelayMs(failures.length);
    options.say(`${name} ${describeEnd(code, signal)}; starting it again in ${delay / 1000} s.${log}`);
    restart = setTimeout(() => {
      // A failure to become ready ends the process, which brings us back here.
      launch(onLaterExit).then(options.onRestart, () => {});
    }, delay);
  }

  return {
    async start() {
      let isReady = false;
      const ready = await launch((code, signal) => {
        if (isReady) onLaterExit(code, signal);
      });
      isReady = true;
      return ready;
    },
    async restart() {
      if (restart) clearTimeout(restart);
      isReplacing = true;
      if (child) await end(child);
      isReplacing = false;
      if (!isStopping) launch(onLaterExit).then(options.onRestart, () => {});
    },
    async stop() {
      isStopping = true;
      if (restart) clearTimeout(restart);
      if (child) await end(child);
    },
  };
}

function spawnRole(options: Options): ChildProcess {
  const log = options.logFile ? openLog(options.logFile, options.owner) : null;
  try {
    const output = log ?? "inherit";
    return fork(options.entry, ["start", "--role", options.role], {
      env: options.environment(),
      stdio: ["ignore", output, output, "ipc"],
    });
  } finally {
    if (log !== null) closeSync(log);
  }
}

function answerOf(child: ChildProcess, options: Options): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const log = options.logFile ? ` Its log is ${options.logFile}` : "";
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new StartError(`The ${options.role} process was not ready within ${readyMs / 1000} s.${log}`));
    }, readyMs);
    child.on("message", (message: FromRole) => {
      clearTimeout(timer);
      if ("ready" in message) resolve(message);
      else reject(new StartError(message.failed));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      // After an answer this changes nothing.
      reject(
        new StartError(`The ${options.role} process ${describeEnd(code, signal)} before it was ready.${log}`),
      );
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const stop: ToRole = { stop: true };
  if (child.connected) child.send(stop, () => {}); // an error means that it is ending by itself
  await Promise.race([exited, pauseUnref(graceMs)]);
  child.kill("SIGKILL"); // no effect when it has ended
  await exited;
}

function pauseUnref(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
