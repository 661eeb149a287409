// A stand-in provider in a process of its own, as a service elsewhere would be. Speaks with the bench by IPC.
import {
  type FaultRates,
  faultsAtRates,
  startStandInProvider,
} from "../../server/testing/stand-in-provider.ts";
import type { FromStandIn, ToStandIn } from "./stand-in.ts";

const standIn = await startStandInProvider();
const tell = (message: FromStandIn) => process.send?.(message);

process.on("message", (message: ToStandIn) => {
  if ("rates" in message) standIn.plan(message.rates === null ? null : planOf(message.rates));
  if ("report" in message) void report(message.report.id);
});
process.on("disconnect", () => process.exit(0));
tell({ url: standIn.url });

function planOf(rates: FaultRates) {
  return faultsAtRates(rates, Math.random);
}

async function report(id: number): Promise<void> {
  const repeated = [...standIn.seen].filter(([, times]) => times > 1);
  tell({
    report: {
      ...{ id, requests: standIn.requests(), accepted: standIn.accepted.size, messages: standIn.seen.size },
      repeats: repeated.reduce((sum, [, times]) => sum + times - 1, 0),
      acceptedRepeats: [...standIn.accepted.values()].reduce((sum, times) => sum + times - 1, 0),
    },
  });
}
