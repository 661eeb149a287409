import { decideWinners } from "../messages/rest.ts";
import { type CampaignParts, startDueRuns } from "./runs.ts";

const everyMs = 1_000;

/** Starts the runs of campaigns whose time has come, and lets the better of several contents go to the rest. */
export function startScheduler(
  parts: CampaignParts,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const resting = new Map<string, number>();
  let isStopped = false;
  const turn = async () => {
    if (isStopped) return;
    await startDueRuns(parts, resting, onError);
    await decideWinners(parts.db, new Date());
  };
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(turn).catch(onError);
  }, everyMs);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await working;
    },
  };
}
