// A stand-in provider in a process of its own, as a service elsewhere would be. Speaks with the bench by IPC.
import {
  type FaultRates,
  faultsAtRates,
  startStandInProvider,
} from "../../server/testing/stand-in-provider.ts";
import { startKavenegarStandIn } from "../../server/testing/stand-ins/kavenegar.ts";
import type { FromStandIn, StandInKind, ToStandIn } from "./stand-in.ts";

const kind = process.argv[2] as StandInKind;
const standIn =
  kind === "kavenegar"
    ? await startKavenegarStandIn({ takesUnanswered: () => Math.random() < 0.5 })
    : await startStandInProvider();
/** Kavenegar's are counted one by one, not by their requests. */
const accepted = "taken" in standIn ? standIn.taken : standIn.accepted;
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
      ...{ id, requests: standIn.requests(), accepted: accepted.size, messages: standIn.seen.size },
      repeats: repeated.reduce((sum, [, times]) => sum + times - 1, 0),
      acceptedRepeats: [...accepted.values()].reduce((sum, times) => sum + times - 1, 0),
    },
  });
}
