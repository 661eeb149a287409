import { Button } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useCampaign } from "../../api/campaigns.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { CampaignComposer } from "./CampaignComposer.tsx";
import { valuesOf } from "./composerValues.ts";

/** Goes on with a draft. */
export function EditCampaignPage() {
  const { campaignId } = useParams({ from: "/shell/campaigns/$campaignId/edit" });
  const query = useCampaign(campaignId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  return <Draft key={campaignId} campaign={query.data} />;
}

function Draft({ campaign }: { campaign: Campaign }) {
  // What is written here is newer than what the server answers meanwhile.
  const [initial] = useState(() => valuesOf(campaign, newIdempotencyKey));
  // Also so while a launch from this page is answered: the report comes next.
  const [wasDraft] = useState(campaign.status === "draft");
  if (!wasDraft) return <Launched campaign={campaign} />;
  return <CampaignComposer id={campaign.id} initial={initial} onCreated={() => {}} />;
}

function Launched({ campaign }: { campaign: Campaign }) {
  const { strings } = useWords();
  const texts = strings.campaigns;
  return (
    <>
      <PageHeader title={campaign.name} parent={{ title: texts.title, to: "/campaigns" }} />
      <Card>
        <EmptyState
          icon={<IconSpeakerphone size={22} stroke={1.6} />}
          title={texts.notDraft}
          hint={texts.notDraftHint}
          action={
            <Button component={Link} to={`/campaigns/${campaign.id}`}>
              {texts.toReport}
            </Button>
          }
        />
      </Card>
    </>
  );
}
