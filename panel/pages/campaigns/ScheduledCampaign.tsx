import { useMemo } from "react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useNames } from "../../api/names.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { describePlanned } from "../../ui/describeAudience.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import reportStyles from "../messages/MessageReport.module.css";
import { useWhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import styles from "./CampaignPage.module.css";
import { ComposerPreview } from "./ComposerPreview.tsx";
import { valuesOf } from "./composerValues.ts";
import { describePlan } from "./describePlan.ts";
import { firstPlace } from "./place.ts";
import { useAudience } from "./useAudience.ts";
import { useLooks } from "./useLooks.ts";
import { usePreviewUser } from "./usePreviewUser.ts";
import { useRunFormat } from "./useRunFormat.ts";

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
  const { audience, nextRunAt, runs, channel, schedule } = campaign;
  const segmentNames = useNames([audience.segment ?? { segment: audience.target }, audience.target]);
  const isOwnTime = schedule.kind !== "now" && schedule.timeZone === "user";
  const runFormat = useRunFormat(isOwnTime);
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
                {runFormat.day(nextRunAt)} · {runFormat.clock(nextRunAt)}
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
      <PlannedPreview campaign={campaign} />
    </div>
  );
}

/** What it will say to one of the audience. */
function PlannedPreview({ campaign }: { campaign: Campaign }) {
  const values = useMemo(() => valuesOf(campaign, newIdempotencyKey), [campaign]);
  const person = usePreviewUser(useAudience(values.audience).count?.samples ?? []);
  const source = useWhatsappSource(values.channel === "whatsapp");
  const looks = useLooks(values, firstPlace, source, person.user?.userId);
  return (
    <ComposerPreview
      values={looks.settled}
      previews={looks.previews}
      email={looks.email}
      whatsapp={looks.whatsapp}
      source={source}
      person={person}
    />
  );
}
