import { IconActivity, IconHandFinger, IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { TimelineItem } from "../../../server/profiles/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { firstWords } from "../messages/firstWords.ts";
import { DeviceName } from "./DeviceName.tsx";
import { EventData } from "./EventData.tsx";
import styles from "./EventItem.module.css";
import { TimelineRow } from "./TimelineRow.tsx";

type TimelineEvent = Extract<TimelineItem, { kind: "event" }>;

interface EventItemProps {
  event: TimelineEvent;
  user: UserWithInstallations;
  /** Words of the message it came after, as far as they are known. */
  message: string | undefined;
}

/** Something that somebody did. */
export function EventItem({ event, user, message }: EventItemProps) {
  const { strings, format } = useWords();
  const texts = strings.users.timeline;
  const { value, data, installationId, influence } = event;
  return (
    <TimelineRow
      icon={<IconActivity size={16} stroke={1.7} aria-hidden />}
      kind={texts.event}
      at={event.at}
      title={
        <span className={styles.title}>
          <bdi className={styles.name}>{event.name}</bdi>
          {value !== null && (
            <bdi className={styles.value} title={texts.value}>
              {typeof value === "number" ? format.number(value) : value}
            </bdi>
          )}
        </span>
      }
    >
      <EventData data={withoutValue(data, value)} />
      {(installationId !== null || influence !== null) && (
        <div className={styles.about}>
          {installationId !== null && <DeviceName user={user} installationId={installationId} />}
          {influence !== null && <Influence influence={influence} message={message} />}
        </div>
      )}
    </TimelineRow>
  );
}

/** The value stands beside the name already. */
function withoutValue(data: TimelineEvent["data"], value: TimelineEvent["value"]): TimelineEvent["data"] {
  const { value: inData, ...others } = data;
  return value !== null && String(inData) === String(value) ? others : data;
}

function Influence(props: {
  influence: NonNullable<TimelineEvent["influence"]>;
  message: string | undefined;
}) {
  const { strings } = useWords();
  const texts = strings.users.timeline;
  const { messageId, isDirect } = props.influence;
  const Icon = isDirect ? IconHandFinger : IconSend;
  return (
    <Link
      to="/messages/$messageId"
      params={{ messageId }}
      className={`text-link ${styles.influence}`}
      title={isDirect ? texts.directHint : texts.indirectHint}
    >
      <Icon size={15} stroke={1.7} aria-hidden className={styles.icon} />
      <span className={styles.after}>
        {isDirect ? texts.direct : texts.indirect}
        {props.message !== undefined && ":"}
      </span>
      {props.message !== undefined && <bdi className="clamp-1">{firstWords(props.message)}</bdi>}
    </Link>
  );
}
