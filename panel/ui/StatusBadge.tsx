import type { DeliveryState } from "../../server/deliveries/schema.ts";
import type { ImportStatus } from "../../server/imports/schema.ts";
import type { MessageStatus } from "../../server/messages/schema.ts";
import { useWords } from "./language.tsx";
import styles from "./StatusBadge.module.css";
import { stateColors } from "./stateColors.ts";

function Dotted(props: { label: string; color: string; isMoving?: boolean }) {
  return (
    <span className={styles.badge}>
      <span
        className={`${styles.dot} ${props.isMoving ? styles.moving : ""}`}
        style={{ background: props.color }}
        aria-hidden
      />
      {props.label}
    </span>
  );
}

const importColors: Record<ImportStatus, string> = {
  queued: "var(--state-queued)",
  validating: "var(--state-sent)",
  importing: "var(--state-sent)",
  completed: "var(--state-seen)",
  completed_with_errors: "var(--state-waiting)",
  failed: "var(--state-failed)",
  cancelled: "var(--state-cancelled)",
};

/** Status of an import. */
export function ImportBadge({ status }: { status: ImportStatus }) {
  const { strings } = useWords();
  return (
    <Dotted
      label={strings.imports.statuses[status]}
      color={importColors[status]}
      isMoving={status === "importing" || status === "validating"}
    />
  );
}

const messageColors: Record<MessageStatus, string> = {
  accepted: "var(--state-queued)",
  expanding: "var(--state-sent)",
  running: "var(--state-sent)",
  paused: "var(--state-waiting)",
  finished: "var(--state-seen)",
  cancelled: "var(--state-cancelled)",
};

/** Status of a message. */
export function MessageBadge({ status }: { status: MessageStatus }) {
  const { strings } = useWords();
  return (
    <Dotted
      label={strings.messages.statuses[status]}
      color={messageColors[status]}
      isMoving={status === "running" || status === "expanding"}
    />
  );
}

/** State of a delivery. */
export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const { strings } = useWords();
  return <Dotted label={strings.messages.states[state]} color={stateColors[state]} />;
}
