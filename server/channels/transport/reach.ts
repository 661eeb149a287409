import type { Socket } from "node:net";
import { connectOutside } from "../outside.ts";
import type { CheckResult, Outside } from "../provider.ts";
import { sentenceOf } from "./exchange.ts";

/** Whether an origin can be connected to, in words. Nothing is sent. */
export function reach(
  origin: string,
  { outside, timeoutMs, signal }: { outside: Outside; timeoutMs: number; signal: AbortSignal },
): Promise<CheckResult> {
  const { host, hostname, port, protocol } = new URL(origin);
  const connect = connectOutside(outside, { timeoutMs: Math.min(timeoutMs, 10_000) });
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, detail: "The check was given up." });
    connect({ hostname, host, protocol, port }, (error, socket) => {
      if (!socket) return resolve({ ok: false, detail: `${sentenceOf(error, host)}.` });
      endQuietly(socket);
      const how = protocol === "https:" ? " and its certificate is good" : ", without encryption";
      resolve({ ok: true, detail: `${host} can be reached${how}.` });
    });
  });
}

function endQuietly(socket: Socket): void {
  socket.on("error", () => {});
  socket.destroy();
}
