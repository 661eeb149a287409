import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useNames } from "../../api/names.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { describePlanned } from "../../ui/describeAudience.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { MessagePreview } from "../messages/MessagePreview.tsx";
import reportStyles from "../messages/MessageReport.module.css";
import styles from "./CampaignPage.module.css";
import { describePlan } from "./describePlan.ts";

/** What is to come: when, for whom, how; `isBeside` where a report of what went stands below. */
export function ScheduledCampaign({
  campaign,
  isBeside = false,
}: {
  campaign: Campaign;
  isBeside?: boolean;
}) {
  const words = useWords();
  const { strings, format } = words;
  const texts = strings.results.scheduled;
  const app = useApp();
  const { audience, nextRunAt, runs, content, channel, schedule } = campaign;
  const segmentNames = useNames([audience.segment ?? { segment: audience.target }, audience.target]);
  const isOwnTime = schedule.kind !== "now" && schedule.timeZone === "user";
  const facts = [
    { name: texts.plan, value: describePlan(campaign, words) },
    { name: strings.campaigns.audience, value: describePlanned(audience, { ...words, segmentNames }) },
    { name: strings.report.channel, value: <ChannelName channel={channel} /> },
    runs > 0 && { name: texts.runs, value: strings.results.list.runs(runs, format.number(runs)) },
  ];
  const next = (
    <Card title={texts.title} hint={isOwnTime ? texts.usersHint : texts.hint}>
      <div className={styles.stack}>
        {nextRunAt !== null && (
          <div>
            <p className="faint">{texts.next}</p>
            <p className={styles.big}>
              <time dateTime={nextRunAt}>
                {format.day(nextRunAt)} · {format.clock(nextRunAt)}
              </time>
            </p>
          </div>
        )}
        <Facts facts={facts.filter((fact) => fact !== false)} />
      </div>
    </Card>
  );
  if (isBeside) return next;
  return (
    <div className={reportStyles.columns}>
      {next}
      <Card title={strings.messages.preview}>
        <MessagePreview
          appName={app.name}
          channel={channel}
          subject={content.subject ?? null}
          content={content.content}
          notification={content.notification ?? null}
        />
      </Card>
    </div>
  );
}
