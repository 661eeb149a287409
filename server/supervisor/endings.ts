import { processStat } from "../lib/processes.ts";

/** Why everything ends: `code` is the exit code, `line` is for the operator. */
export interface Ending {
  readonly code: number;
  readonly line: string | null;
}

/** Collects the reasons to end; the first one counts. */
export interface Endings {
  readonly first: Promise<Ending>;
  end(ending: Ending): void;
  /** Whether a reason has come. */
  readonly isEnding: boolean;
  /** Stops listening. */
  close(): void;
}

const parentCheckMs = 250;

/** Listens for Ctrl-C, SIGTERM, a closed terminal and, when `isStartedByNpm`, for the death of npm. */
export function listenForEndings(isStartedByNpm: boolean): Endings {
  let resolve: (ending: Ending) => void = () => {};
  let isEnding = false;
  const first = new Promise<Ending>((settle) => {
    resolve = settle;
  });
  const end = (ending: Ending) => {
    isEnding = true;
    resolve(ending);
  };
  const onSignal = () => end({ code: 0, line: null });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);

  // npm puts a shell between: when npm is killed, that shell may live on with another parent.
  const ancestors = ancestry();
  const watch = isStartedByNpm
    ? setInterval(() => {
        if (ancestry() !== ancestors) end({ code: 1, line: "npm was killed" });
      }, parentCheckMs)
    : null;
  watch?.unref();

  return {
    first,
    end,
    get isEnding() {
      return isEnding;
    },
    close() {
      if (watch) clearInterval(watch);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** Our parent and its parent: "123/120". */
function ancestry(): string {
  return `${process.ppid}/${processStat(process.ppid)?.parent ?? ""}`;
}
