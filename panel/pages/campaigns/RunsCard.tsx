import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import { useRuns } from "../../api/campaigns.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { ratesOf, ratesOn } from "../../ui/ratesOf.ts";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";

interface RunsCardProps {
  campaign: Campaign;
  /** The message whose report stands below. */
  shown: string;
}

/** How often it went, each run with what it achieved. */
export function RunsCard({ campaign, shown }: RunsCardProps) {
  const { strings } = useWords();
  const texts = strings.results.runs;
  const place = usePagePlace(campaign.id);
  const query = useRuns(campaign.id, place.cursor, true);
  const columns = useColumns(campaign, shown);
  return (
    <Card flush title={texts.title} hint={texts.hint}>
      <DataList
        label={texts.title}
        query={query}
        place={place}
        columns={columns}
        rowKey={({ id }) => id}
        empty={null}
      />
    </Card>
  );
}

function useColumns({ id: campaignId, channel }: Campaign, shown: string): Column<Message>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.results.runs;
    return [
      {
        key: "at",
        title: texts.at,
        render: ({ id, createdAt }) => (
          <>
            <Link
              to="/campaigns/$campaignId"
              params={{ campaignId }}
              search={{ run: id }}
              resetScroll={false}
              className={rowLink}
              aria-current={id === shown ? "true" : undefined}
            >
              <Time iso={createdAt} />
            </Link>
            {id === shown && <span className="faint"> · {texts.shown}</span>}
          </>
        ),
      },
      {
        key: "status",
        title: strings.campaigns.status,
        width: "9rem",
        render: ({ status }) => <MessageBadge status={status} />,
      },
      {
        key: "sends",
        title: strings.campaigns.sends,
        width: "6rem",
        isNumber: true,
        render: ({ counts }) => format.number(counts.targeted),
      },
      ...ratesOn(channel).map(
        (name): Column<Message> => ({
          key: name,
          title: strings.results.statistics.measures[name],
          width: "6rem",
          isNumber: true,
          render: ({ counts }) => {
            const { value, of } = ratesOf(counts)[name];
            return of === 0 ? strings.common.none : format.percent(value, of);
          },
        }),
      ),
    ];
  }, [strings, format, campaignId, channel, shown]);
}
