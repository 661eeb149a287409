import { Button } from "@mantine/core";
import { IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCampaigns } from "../../api/campaigns.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { useCampaignColumns } from "./useCampaignColumns.tsx";

/** Drafts, and sends to a part of the users with what each achieved. */
export function CampaignsPage() {
  const { strings } = useWords();
  const texts = strings.campaigns;
  const place = usePagePlace();
  const query = useCampaigns({}, place.cursor);
  const columns = useCampaignColumns(query.data?.data ?? []);
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<NewCampaign />} />
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={(campaign) => campaign.id}
          empty={
            <EmptyState
              icon={<IconSpeakerphone size={22} stroke={1.6} />}
              title={texts.empty}
              hint={texts.emptyHint}
              action={<NewCampaign />}
            />
          }
        />
      </Card>
    </>
  );
}

function NewCampaign() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/campaigns/new" leftSection={<IconPlus size={16} />}>
      {strings.campaigns.create}
    </Button>
  );
}
