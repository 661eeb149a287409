import { useParams } from "@tanstack/react-router";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useCampaign } from "../../api/campaigns.ts";
import { useMessageReport } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { CampaignBadge, MessageBadge } from "../../ui/StatusBadge.tsx";
import { firstWords } from "../messages/firstWords.ts";
import { MessageActions } from "../messages/MessageActions.tsx";
import { MessageReport } from "../messages/MessageReport.tsx";
import { DraftCampaign } from "./DraftCampaign.tsx";

/** The report of one campaign; of a draft, the way to go on with it. */
export function CampaignPage() {
  const { campaignId } = useParams({ from: "/shell/campaigns/$campaignId" });
  const query = useCampaign(campaignId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const { message } = query.data;
  if (message === null) return <DraftCampaign campaign={query.data} />;
  return <Launched key={campaignId} campaign={query.data} messageId={message.id} />;
}

function Launched({ campaign, messageId }: { campaign: Campaign; messageId: string }) {
  const { strings } = useWords();
  const query = useMessageReport(messageId);
  const report = query.data;
  return (
    <>
      <PageHeader
        title={firstWords(campaign.name)}
        lead={strings.campaigns.sources[campaign.source]}
        parent={{ title: strings.campaigns.title, to: "/campaigns" }}
        badge={
          report === undefined ? (
            <CampaignBadge status={campaign.status} />
          ) : (
            <MessageBadge status={report.status} />
          )
        }
        actions={report === undefined ? undefined : <MessageActions report={report} />}
      />
      {report !== undefined ? (
        <MessageReport report={report} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <PageSkeleton />
      )}
    </>
  );
}
