import { Navigate } from "@tanstack/react-router";
import type { Campaign } from "../../../server/campaigns/schema.ts";

/** A draft has no report yet: its page is the one where it is written. */
export function DraftCampaign({ campaign }: { campaign: Campaign }) {
  return <Navigate to="/campaigns/$campaignId/edit" params={{ campaignId: campaign.id }} replace />;
}
