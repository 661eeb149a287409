import { useParams } from "@tanstack/react-router";
import { useCampaign } from "../../api/campaigns.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { firstWords } from "../messages/firstWords.ts";
import { MessageReport } from "../messages/MessageReport.tsx";

/** The report of one campaign. */
export function CampaignPage() {
  const { campaignId } = useParams({ from: "/shell/campaigns/$campaignId" });
  const { strings } = useWords();
  const query = useCampaign(campaignId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const { name, source, message } = query.data;
  return (
    <>
      <PageHeader
        title={firstWords(name)}
        lead={strings.campaigns.sources[source]}
        parent={{ title: strings.campaigns.title, to: "/campaigns" }}
        badge={<MessageBadge status={message.status} />}
      />
      <MessageReport message={message} />
    </>
  );
}
