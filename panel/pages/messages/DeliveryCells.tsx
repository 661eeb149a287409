import type { Delivery } from "../../../server/deliveries/schema.ts";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { useWords } from "../../ui/language.tsx";
import { DeliveryBadge } from "../../ui/StatusBadge.tsx";
import { codeWords, stateWords } from "../../ui/stateWords.ts";
import { Time } from "../../ui/Time.tsx";
import styles from "./Deliveries.module.css";

/** What a deletion for good leaves of a delivery is nobody's. */
export const isErased = ({ userId }: Delivery) => userId === "";

/** The device of a recipient, or the channel that needs none. */
export function Device({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  if (isErased(delivery)) return <span className="faint">{strings.common.none}</span>;
  if (delivery.installationId === null) {
    const isOfDevices = delivery.channel === "inbox" || delivery.channel === "push";
    if (isOfDevices) return <span className="faint">{strings.messages.noDevice}</span>;
    return <ChannelName channel={delivery.channel} />;
  }
  const platforms: Record<string, string> = strings.users.platforms;
  const platform =
    delivery.deviceType === null ? "" : (platforms[delivery.deviceType] ?? delivery.deviceType);
  return (
    <span className={styles.device}>
      {platform}
      <bdi className="mono faint clamp-1" title={delivery.installationId}>
        {delivery.installationId}
      </bdi>
    </span>
  );
}

/** How it ended, and why. */
export function State({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  const { reason, detail, channel, code } = delivery;
  const words = codeWords(strings, channel, code);
  return (
    <span className={styles.state}>
      <span className={styles.badges}>
        <DeliveryBadge state={delivery.state} channel={delivery.channel} />
        {delivery.dismissed && <span className="faint">{strings.messages.dismissed}</span>}
        {reason !== null && <span className="soft">{strings.messages.reasons[reason]}</span>}
      </span>
      {words !== null && <span className={styles.words}>{words}</span>}
      {detail !== null && (
        <span className={`${styles.detail} faint clamp-1`} dir="auto" title={detail}>
          {detail}
        </span>
      )}
    </span>
  );
}

/** When what happened, the latest last. */
export function Times({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  const { states } = stateWords(strings, delivery.channel);
  const times = [
    [states.sent, delivery.sentAt],
    [states.delivered, delivery.deliveredAt],
    [states.seen, delivery.seenAt],
    [states.clicked, delivery.clickedAt],
    [strings.report.nextAttempt, delivery.nextAttemptAt],
  ] as const;
  const known = times.filter(([, iso]) => iso !== null);
  if (known.length === 0) {
    const isUntried = delivery.state === "queued";
    return isUntried ? (
      <span className="faint">{strings.report.noRowYet}</span>
    ) : (
      <span className={styles.times}>
        <Time iso={delivery.createdAt} />
      </span>
    );
  }
  return (
    <span className={styles.times}>
      {known.map(([name, iso]) => (
        <span key={name}>
          <span className="faint">{name}</span> <Time iso={iso} />
        </span>
      ))}
    </span>
  );
}
