import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FaultRates } from "../../server/testing/stand-in-provider.ts";
import type { Run } from "./run.ts";

export type ToStandIn = { rates: FaultRates | null } | { report: { id: number } };
export type FromStandIn = { url: string } | { report: StandInReport & { id: number } };

/** What a stand-in has seen. */
interface StandInReport {
  /** Requests that it has read. */
  readonly requests: number;
  /** Messages that it has read, and of these the ones that it took, by their delivery ids. */
  readonly messages: number;
  readonly accepted: number;
  /** Requests for messages that it had read before; and those of them that it took once more. */
  readonly repeats: number;
  readonly acceptedRepeats: number;
}

/** A service that takes messages over HTTP, in a process of its own. */
export interface StandInProcess {
  readonly url: string;
  /** Shares of requests that go wrong; null for none. */
  misbehave(rates: FaultRates | null): void;
  report(): Promise<StandInReport>;
}

/** The generic one, or Kavenegar, which takes half of what it gives no answer to. */
export type StandInKind = "http" | "kavenegar";

export async function startStandInProcess(run: Run, kind: StandInKind = "http"): Promise<StandInProcess> {
  const child = fork(fileURLToPath(new URL("stand-in-process.ts", import.meta.url)), [kind], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // Each question waits for the answer or the end.
  child.setMaxListeners(0);
  run.later(() => void child.kill("SIGKILL"));
  const heard = <T>(pick: (message: FromStandIn) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const listen = (message: FromStandIn) => {
        const found = pick(message);
        if (found === undefined) return;
        child.off("message", listen);
        resolve(found);
      };
      child.on("message", listen);
      child.once("exit", () => reject(new Error("the stand-in has ended")));
    });
  const send = (message: ToStandIn) => void child.send(message);
  const url = await heard((message) => ("url" in message ? message.url : undefined));
  let asked = 0;
  return {
    url,
    misbehave: (rates) => send({ rates }),
    report() {
      const id = ++asked;
      const answer = heard((message) =>
        "report" in message && message.report.id === id ? message.report : undefined,
      );
      send({ report: { id } });
      return answer;
    },
  };
}
