import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { TimelineItem } from "../../../server/profiles/schema.ts";
import { channelIcons } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { DeliveryBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { DeviceName } from "./DeviceName.tsx";
import styles from "./MessageItem.module.css";
import { TimelineRow } from "./TimelineRow.tsx";

type TimelineMessage = Extract<TimelineItem, { kind: "message" }>;
type Delivery = TimelineMessage["deliveries"][number];

const devicesAtFirst = 4;

/** Something that somebody was sent, and what became of it on each of their devices. */
export function MessageItem({ message, user }: { message: TimelineMessage; user: UserWithInstallations }) {
  const { strings, format } = useWords();
  const [isWhole, setWhole] = useState(false);
  const Icon = channelIcons[message.channel];
  const shown = isWhole ? message.deliveries : message.deliveries.slice(0, devicesAtFirst);
  const rest = message.deliveries.length - shown.length;
  return (
    <TimelineRow
      icon={<Icon size={16} stroke={1.7} aria-hidden />}
      kind={strings.users.timeline.message(strings.users.channels[message.channel])}
      at={message.at}
      title={
        <Link
          to="/messages/$messageId"
          params={{ messageId: message.id }}
          className={`${styles.words} clamp-2`}
          dir="auto"
          title={message.content}
        >
          {message.content.trim() || strings.messages.noWords}
        </Link>
      }
    >
      <ul className={styles.deliveries}>
        {shown.map((delivery) => (
          <Fate
            key={delivery.installationId ?? ""}
            delivery={delivery}
            channel={message.channel}
            user={user}
          />
        ))}
      </ul>
      {rest > 0 && (
        <Button
          variant="subtle"
          size="compact-xs"
          className={styles.rest ?? ""}
          onClick={() => setWhole(true)}
        >
          {strings.common.showMore(format.number(rest))}
        </Button>
      )}
    </TimelineRow>
  );
}

/** When the delivery came into the state it is in; null for states that have no time of their own. */
function reachedAt({ state, sentAt, deliveredAt, seenAt, clickedAt }: Delivery): string | null {
  const times: Partial<Record<Delivery["state"], string | null>> = {
    sent: sentAt,
    delivered: deliveredAt,
    seen: seenAt,
    clicked: clickedAt,
  };
  return times[state] ?? null;
}

interface FateProps {
  delivery: Delivery;
  channel: TimelineMessage["channel"];
  user: UserWithInstallations;
}

function Fate({ delivery, channel, user }: FateProps) {
  const { strings } = useWords();
  const at = reachedAt(delivery);
  return (
    <li className={styles.delivery}>
      <DeliveryBadge state={delivery.state} channel={channel} />
      {delivery.installationId === null ? (
        <span>{strings.messages.noDevice}</span>
      ) : (
        <DeviceName user={user} installationId={delivery.installationId} deviceType={delivery.deviceType} />
      )}
      {delivery.reason !== null && <span>{strings.messages.reasons[delivery.reason]}</span>}
      {at !== null && <Time iso={at} />}
    </li>
  );
}
