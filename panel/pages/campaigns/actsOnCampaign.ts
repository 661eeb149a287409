import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { CampaignAct } from "../../api/campaigns.ts";

type Acted = Pick<Campaign, "status" | "schedule" | "message" | "failure" | "nextRunAt" | "runs">;

/** Whether something of it is still to come, so that it is paused and cancelled as a whole. */
export const isPlanned = ({ schedule, message, failure, nextRunAt }: Acted): boolean =>
  message === null || failure !== null || nextRunAt !== null || schedule.kind === "recurring";

/** What can be done with a campaign that is planned; the server has the last word. */
export function actsOnCampaign({ status, runs }: Acted): Set<CampaignAct> {
  switch (status) {
    case "scheduled":
      return new Set(runs === 0 ? ["unschedule", "pause", "cancel"] : ["pause", "cancel"]);
    case "accepted":
    case "expanding":
    case "running":
      return new Set(["pause", "cancel"]);
    case "paused":
      return new Set(runs === 0 ? ["resume", "unschedule", "cancel"] : ["resume", "cancel"]);
    default:
      return new Set();
  }
}
