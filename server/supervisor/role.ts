import type { FromRole, Ready, ToRole } from "./messages.ts";

/** A started role. */
export interface Running extends Ready {
  stop(): Promise<void>;
}

/**
 * Runs a role under a supervisor: reports readiness or failure over IPC, stops when told to or when the supervisor is
 * gone. Ends the process itself.
 */
export async function runSupervised(start: () => Promise<Running>): Promise<never> {
  // A terminal's Ctrl-C reaches the whole group; the supervisor stops us in its order.
  process.on("SIGINT", () => {});
  process.on("SIGHUP", () => {});
  const told = new Promise<number>((resolve) => {
    process.on("message", (message: ToRole) => {
      if (message.stop) resolve(0);
    });
    process.once("disconnect", () => resolve(1)); // the supervisor was killed
    process.once("SIGTERM", () => resolve(143)); // 128 + 15; the supervisor sees that it wasn't its own order
  });
  const starting = start();
  try {
    const running = await Promise.race([starting, told]);
    if (typeof running !== "number") {
      const { url, port, mqttPort, mqttUrl, notes } = running;
      tell({ ready: true, url, port, mqttPort, mqttUrl, notes });
    }
    const code = await told;
    await (await starting).stop();
    if (code === 143) endBySignal("SIGTERM");
    return process.exit(code);
  } catch (error) {
    console.error(error);
    tell({ failed: error instanceof Error ? error.message : String(error) });
    return process.exit(1);
  }
}

/** Runs a role alone until SIGINT or SIGTERM. Resolves when it has stopped. */
export async function runAlone(start: () => Promise<Running>): Promise<void> {
  const told = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
  const running = await start();
  await told;
  await running.stop();
}

function tell(message: FromRole): void {
  if (process.connected) process.send?.(message);
}

/** Ends as the signal would have ended us, so that the parent sees the signal. */
function endBySignal(signal: "SIGTERM"): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
