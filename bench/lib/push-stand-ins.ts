import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Run } from "./run.ts";

/** Configs of accounts that send to the stand-ins. */
export interface PushStandIns {
  readonly fcm: Record<string, string>;
  readonly apns: Record<string, string>;
}

export async function startPushStandIns(run: Run): Promise<PushStandIns> {
  const child = fork(fileURLToPath(new URL("push-stand-ins-process.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  run.later(() => void child.kill("SIGKILL"));
  const [configs] = await once(child, "message");
  return configs as PushStandIns;
}
