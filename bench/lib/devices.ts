import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Run } from "./run.ts";

export interface DeviceLogin {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

export type ToDevices =
  | { connect: readonly DeviceLogin[]; perSecond: number }
  | { watch: true }
  | { report: true };
export type FromDevices = { connected: number } | { report: DevicesReport };

interface DevicesReport {
  /** Messages since they connected. */
  readonly received: number;
  /** Ids of the messages that came since the watch began, and when, in milliseconds since 1970. */
  readonly arrivals: readonly [string, number][];
}

/** Connected devices, in a process of their own. */
export interface Devices {
  /** Notes from now on when messages come, until the next report. */
  watch(): void;
  report(): Promise<DevicesReport>;
}

/** Connects these devices, so many a second; resolves when all are. */
export async function connectDevices(
  run: Run,
  logins: readonly DeviceLogin[],
  perSecond: number,
): Promise<Devices> {
  const child = fork(fileURLToPath(new URL("devices-process.ts", import.meta.url)), [], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  run.later(() => void child.kill("SIGKILL"));
  const heard = <T>(pick: (message: FromDevices) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error("the devices' process has ended"));
      const listen = (message: FromDevices) => {
        const found = pick(message);
        if (found === undefined) return;
        child.off("message", listen);
        child.off("exit", ended);
        resolve(found);
      };
      child.on("message", listen);
      child.once("exit", ended);
    });
  const send = (message: ToDevices) => void child.send(message);
  send({ connect: logins, perSecond });
  await heard((message) => ("connected" in message ? message.connected : undefined));
  return {
    watch: () => send({ watch: true }),
    report() {
      const report = heard((message) => ("report" in message ? message.report : undefined));
      send({ report: true });
      return report;
    },
  };
}
