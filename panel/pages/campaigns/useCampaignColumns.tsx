import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useNames } from "../../api/names.ts";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { describeAudience, describeFilter } from "../../ui/describeAudience.ts";
import { funnelOf } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { DeliverySummary } from "../messages/DeliverySummary.tsx";

/** What the list says of a campaign. A draft has no numbers yet. */
export function useCampaignColumns(campaigns: readonly Campaign[]): Column<Campaign>[] {
  const words = useWords();
  // A message knows the names of its segments; a draft only their ids.
  const segmentNames = useNames(
    campaigns.flatMap(({ message, audience }) =>
      message === null ? [audience.segment ?? { segment: audience.target }, audience.target] : [],
    ),
  );
  return useMemo(() => {
    const { strings, format } = words;
    const texts = strings.campaigns;
    const none = <span className="faint">{strings.common.none}</span>;
    const audienceOf = ({ message, audience }: Campaign) =>
      message === null
        ? describeFilter(audience.segment ?? audience.target, { ...words, segmentNames })
        : describeAudience(message, words);
    return [
      {
        key: "name",
        title: texts.name,
        render: (campaign) => (
          <>
            <Link
              to={campaign.message === null ? "/campaigns/$campaignId/edit" : "/campaigns/$campaignId"}
              params={{ campaignId: campaign.id }}
              className={`${rowLink} clamp-2`}
              dir="auto"
            >
              {campaign.name}
            </Link>
            <span className="faint clamp-1" title={audienceOf(campaign)}>
              {audienceOf(campaign)}
            </span>
          </>
        ),
      },
      {
        key: "channel",
        title: strings.report.channel,
        width: "7.5rem",
        render: ({ channel }) => <ChannelName channel={channel} />,
      },
      {
        key: "status",
        title: texts.status,
        width: "9.5rem",
        render: ({ status }) => <CampaignBadge status={status} />,
      },
      {
        key: "sends",
        title: texts.sends,
        width: "6rem",
        isNumber: true,
        render: ({ message }) => (message === null ? none : format.number(message.counts.targeted)),
      },
      {
        key: "deliveries",
        title: texts.deliveries,
        width: "15.5rem",
        render: ({ message }) =>
          message === null ? none : <DeliverySummary counts={message.counts} channel={message.channel} />,
      },
      {
        key: "seen",
        title: texts.seen,
        width: "5rem",
        isNumber: true,
        render: ({ message }) => (message === null ? none : format.number(funnelOf(message.counts).seen)),
      },
      {
        key: "time",
        title: texts.time,
        width: "8.5rem",
        render: ({ launchedAt, updatedAt }) =>
          launchedAt === null ? (
            <span title={texts.savedAt}>
              <Time iso={updatedAt} ago />
            </span>
          ) : (
            <Time iso={launchedAt} ago />
          ),
      },
    ];
  }, [words, segmentNames]);
}
