import { useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useCampaign } from "../../api/campaigns.ts";
import { useMessageReport } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { firstWords } from "../messages/firstWords.ts";
import { MessageReport } from "../messages/MessageReport.tsx";
import { CampaignActions } from "./CampaignActions.tsx";
import { CampaignFailure } from "./CampaignFailure.tsx";
import styles from "./CampaignPage.module.css";
import { DraftCampaign } from "./DraftCampaign.tsx";
import { RolloutCard } from "./RolloutCard.tsx";
import { RunsCard } from "./RunsCard.tsx";
import { ScheduledCampaign } from "./ScheduledCampaign.tsx";
import { VariantsReport } from "./VariantsReport.tsx";

/** What comes of one campaign; of a draft, the way to go on with it. */
export function CampaignPage() {
  const { campaignId } = useParams({ from: "/shell/campaigns/$campaignId" });
  const { run } = useSearch({ from: "/shell/campaigns/$campaignId" });
  const query = useCampaign(campaignId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const campaign = query.data;
  if (campaign.status === "draft") return <DraftCampaign campaign={campaign} />;
  const messageId = run ?? campaign.message?.id;
  return messageId === undefined ? (
    <ToCome key={campaignId} campaign={campaign} />
  ) : (
    <Launched key={campaignId} campaign={campaign} messageId={messageId} />
  );
}

/** Nothing went yet. */
function ToCome({ campaign }: { campaign: Campaign }) {
  return (
    <>
      <Header campaign={campaign} actions={<CampaignActions campaign={campaign} report={null} />} />
      <div className={styles.stack}>
        <CampaignFailure campaign={campaign} />
        <ScheduledCampaign campaign={campaign} />
      </div>
    </>
  );
}

/** Some or all went: the report of a run, the latest if none is asked for. */
function Launched({ campaign, messageId }: { campaign: Campaign; messageId: string }) {
  const query = useMessageReport(messageId);
  const report = query.data;
  const isRecurring = campaign.schedule.kind === "recurring";
  return (
    <>
      <Header
        campaign={campaign}
        actions={report && <CampaignActions campaign={campaign} report={report} />}
      />
      <div className={styles.stack}>
        <CampaignFailure campaign={campaign} />
        {campaign.nextRunAt !== null && <ScheduledCampaign campaign={campaign} isBeside />}
        {(isRecurring || campaign.runs > 1) && <RunsCard campaign={campaign} shown={messageId} />}
        {report !== undefined ? (
          <>
            {report.rest !== null && campaign.rollout !== null && (
              <RolloutCard campaign={campaign} report={report} share={campaign.rollout.share} />
            )}
            {report.variants.length > 0 && <VariantsReport campaign={campaign} report={report} />}
            <MessageReport
              key={messageId}
              report={report}
              isPartSaid={campaign.rollout !== null || campaign.winner !== null}
            />
          </>
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <PageSkeleton />
        )}
      </div>
    </>
  );
}

function Header({ campaign, actions }: { campaign: Campaign; actions: ReactNode }) {
  const { strings } = useWords();
  return (
    <PageHeader
      title={firstWords(campaign.name)}
      lead={strings.campaigns.sources[campaign.source]}
      parent={{ title: strings.campaigns.title, to: "/campaigns" }}
      badge={<CampaignBadge status={campaign.status} />}
      actions={actions}
    />
  );
}
