import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { isSending } from "../../api/messages.ts";
import { useNames } from "../../api/names.ts";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { describeAudience, describePlanned } from "../../ui/describeAudience.ts";
import { useWords } from "../../ui/language.tsx";
import { ratesOf } from "../../ui/ratesOf.ts";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { DeliverySummary } from "../messages/DeliverySummary.tsx";
import styles from "./CampaignsPage.module.css";
import { useRunFormat } from "./useRunFormat.ts";

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
        ? describePlanned(audience, { ...words, segmentNames })
        : describeAudience(message, words);
    const rate = (name: "seen" | "clicked" | "failed", title: string): Column<Campaign> => ({
      key: name,
      title,
      width: "4.75rem",
      isNumber: true,
      isBlank: ({ message }) => message === null,
      render: ({ message }) => {
        if (message === null) return none;
        const { value, of } = ratesOf(message.counts)[name];
        return <span title={format.number(value)}>{of === 0 ? none : format.percent(value, of)}</span>;
      },
    });
    return [
      {
        key: "name",
        title: texts.name,
        render: (campaign) => (
          <>
            <Link
              to={campaign.status === "draft" ? "/campaigns/$campaignId/edit" : "/campaigns/$campaignId"}
              params={{ campaignId: campaign.id }}
              className={`${rowLink} clamp-2`}
              dir="auto"
            >
              {campaign.name}
            </Link>
            <span className="faint clamp-2" title={audienceOf(campaign)}>
              {audienceOf(campaign)}
            </span>
          </>
        ),
      },
      {
        key: "channel",
        title: strings.report.channel,
        width: "7rem",
        render: ({ channel }) => <ChannelName channel={channel} />,
      },
      {
        key: "status",
        title: texts.status,
        width: "9.5rem",
        render: (campaign) => (
          <div className={styles.status}>
            <CampaignBadge status={campaign.status} />
            <Coming campaign={campaign} />
          </div>
        ),
      },
      {
        key: "deliveries",
        title: texts.deliveries,
        width: "12rem",
        isBlank: ({ message }) => message === null,
        render: ({ message }) =>
          message === null ? none : <DeliverySummary counts={message.counts} channel={message.channel} />,
      },
      rate("seen", texts.seen),
      rate("clicked", strings.results.list.clicked),
      rate("failed", strings.results.list.failed),
      {
        key: "time",
        title: texts.time,
        width: "8.25rem",
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

/** What is to come of a campaign, and how far its run has come. */
function Coming({ campaign }: { campaign: Campaign }) {
  const { strings, format } = useWords();
  const texts = strings.results.list;
  const { nextRunAt, runs, message, schedule } = campaign;
  const runFormat = useRunFormat(schedule.kind !== "now" && schedule.timeZone === "user");
  const isMoving = message !== null && isSending(message.status) && message.frozenAt !== null;
  return (
    <>
      {isMoving && message.counts.targeted > 0 && (
        <span className="faint number">
          {format.percent(message.counts.targeted - message.counts.queued, message.counts.targeted)}
        </span>
      )}
      {nextRunAt !== null && <span className="faint">{texts.next(runFormat.dateTime(nextRunAt))}</span>}
      {runs > 1 && <span className="faint">{texts.runs(runs, format.number(runs))}</span>}
    </>
  );
}
