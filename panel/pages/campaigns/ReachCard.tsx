import { Loader, Skeleton } from "@mantine/core";
import type { useEstimate } from "../../api/campaigns.ts";
import { Card } from "../../ui/Card.tsx";
import type { ChannelName } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import styles from "./CampaignComposer.module.css";
import { countsDevices, reachOf } from "./reachOf.ts";
import { SmsEstimate } from "./SmsEstimate.tsx";
import type { AudienceNumbers } from "./useAudience.ts";

interface ReachCardProps {
  channel: ChannelName;
  numbers: AudienceNumbers;
  /** How many SMS it comes to. */
  estimate: ReturnType<typeof useEstimate>;
}

/** How many of the audience the chosen channel reaches. */
export function ReachCard({ channel, numbers, estimate }: ReachCardProps) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.reach;
  const { count, isCounting, isCurrent, error, refetch } = numbers;
  if (error !== null)
    return (
      <Card title={texts.title}>
        <ErrorState error={error} onRetry={refetch} />
      </Card>
    );
  const reach = count === null ? null : reachOf(count, channel);
  const about = count?.isEstimate ? `${strings.segments.numbers.about} ` : "";
  const name = strings.segments.channels[channel];
  return (
    <Card
      title={texts.title}
      actions={isCounting ? <Loader size={14} role="status" aria-label={texts.counting} /> : undefined}
    >
      {reach === null ? (
        isCounting ? (
          <Skeleton height={64} />
        ) : (
          <p className="faint">{strings.campaigns.fields.segmentRequired}</p>
        )
      ) : (
        <div className={isCurrent ? undefined : styles.stale} aria-live="polite">
          <p className={`${styles.reached} number`}>
            {about}
            {format.number(reach.reached)}
          </p>
          <div className={styles.track} aria-hidden>
            <div
              className={styles.fill}
              style={{ inlineSize: `${reach.total === 0 ? 0 : (reach.reached / reach.total) * 100}%` }}
            />
          </div>
          <p className="soft">
            {countsDevices(channel)
              ? texts.devices(about + format.number(reach.reached), format.number(reach.total), name)
              : texts.users(about + format.number(reach.reached), format.number(reach.total), name)}
          </p>
          {reach.reached === 0 ? (
            <p className={styles.fault}>{texts.nobody}</p>
          ) : (
            reach.reached < reach.total && <p className="faint">{texts.rest}</p>
          )}
          {channel === "sms" && <SmsEstimate estimate={estimate} />}
        </div>
      )}
    </Card>
  );
}
