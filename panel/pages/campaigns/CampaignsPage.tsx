import { Button } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useCampaigns } from "../../api/campaigns.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { describeAudience } from "../../ui/describeAudience.ts";
import { funnelOf } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { DeliverySummary } from "../messages/DeliverySummary.tsx";

/** Sends to a part of the users, with what each achieved. */
export function CampaignsPage() {
  const { strings } = useWords();
  const texts = strings.campaigns;
  const place = usePagePlace();
  const query = useCampaigns(place.cursor);
  const columns = useColumns();
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        actions={
          <Button component={Link} to="/segments">
            {texts.create}
          </Button>
        }
      />
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
              action={
                <Button component={Link} to="/segments" variant="default">
                  {texts.emptyAction}
                </Button>
              }
            />
          }
        />
      </Card>
    </>
  );
}

function useColumns(): Column<Campaign>[] {
  const words = useWords();
  return useMemo(() => {
    const { strings, format } = words;
    const texts = strings.campaigns;
    return [
      {
        key: "name",
        title: texts.name,
        render: ({ id, name, message }) => (
          <>
            <Link
              to="/campaigns/$campaignId"
              params={{ campaignId: id }}
              className={`${rowLink} clamp-2`}
              dir="auto"
            >
              {name}
            </Link>
            <span className="faint clamp-1" title={describeAudience(message, words)}>
              {describeAudience(message, words)}
            </span>
          </>
        ),
      },
      {
        key: "status",
        title: texts.status,
        width: "10.5rem",
        render: ({ message }) => <MessageBadge status={message.status} />,
      },
      {
        key: "sends",
        title: texts.sends,
        width: "6.5rem",
        isNumber: true,
        render: ({ message }) => format.number(message.counts.targeted),
      },
      {
        key: "deliveries",
        title: texts.deliveries,
        width: "15.5rem",
        render: ({ message }) => <DeliverySummary counts={message.counts} />,
      },
      {
        key: "seen",
        title: texts.seen,
        width: "5.5rem",
        isNumber: true,
        render: ({ message }) => format.number(funnelOf(message.counts).seen),
      },
      {
        key: "time",
        title: texts.time,
        width: "8.5rem",
        render: ({ message }) => <Time iso={message.createdAt} ago />,
      },
    ];
  }, [words]);
}
