import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Seen } from "./health-probe.ts";
import type { Run } from "./run.ts";

export interface Health {
  /** What was seen since the last call. */
  take(): Promise<Seen>;
}

/** Rarely enough not to be what is measured, and a thousand times in an import of a million. */
const everyMs = 100;

/** Asks the product's `/healthz` ten times a second until the run ends. */
export function watchHealth(run: Run, url: string): Health {
  const probe = fork(fileURLToPath(new URL("./health-probe.ts", import.meta.url)), [
    `${url}/healthz`,
    String(everyMs),
  ]);
  run.later(() => void probe.kill("SIGKILL"));
  return {
    async take() {
      probe.send("take");
      const [seen] = await once(probe, "message");
      return seen as Seen;
    },
  };
}
