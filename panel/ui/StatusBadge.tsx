import type { CampaignStatus } from "../../server/campaigns/schema.ts";
import type { Channel } from "../../server/channels/schema.ts";
import type { LogState } from "../../server/deliveries/schema.ts";
import type { Import, ImportStatus } from "../../server/imports/schema.ts";
import type { MessageStatus } from "../../server/messages/schema.ts";
import type { AccountStatus } from "../../server/providers/schema.ts";
import { useWords } from "./language.tsx";
import styles from "./StatusBadge.module.css";
import { stateColors } from "./stateColors.ts";
import { stateWords } from "./stateWords.ts";

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

/** Status of an import, and whether it was a dry run or was undone. */
export function ImportBadge({ item }: { item: Pick<Import, "status" | "bytes" | "dryRun" | "undo"> }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const isComingIn = item.status === "queued" && item.bytes.total === null;
  return (
    <span className={styles.badges}>
      <Dotted
        label={isComingIn ? texts.receiving : texts.statuses[item.status]}
        color={importColors[item.status]}
        isMoving={isComingIn || item.status === "importing" || item.status === "validating"}
      />
      {item.undo?.status === "done" && (
        <span className={`${styles.badge} ${styles.note}`}>{texts.undo.badge}</span>
      )}
      {item.dryRun && <span className={`${styles.badge} ${styles.note}`}>{texts.dryRun}</span>}
    </span>
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

/** Status of a campaign: a draft, yet to come, or what its message is. */
export function CampaignBadge({ status }: { status: CampaignStatus }) {
  const { strings } = useWords();
  if (status === "scheduled")
    return <Dotted label={strings.campaigns.scheduled} color="var(--state-queued)" />;
  if (status !== "draft") return <MessageBadge status={status} />;
  return <span className={`${styles.badge} ${styles.note}`}>{strings.campaigns.draft}</span>;
}

const accountColors: Record<AccountStatus, string> = {
  active: "var(--state-seen)",
  off: "var(--state-queued)",
  misconfigured: "var(--state-failed)",
  resting: "var(--state-waiting)",
};

/** Whether an account of a provider sends. */
export function AccountBadge({ status }: { status: AccountStatus }) {
  const { strings } = useWords();
  return <Dotted label={strings.providers.statuses[status]} color={accountColors[status]} />;
}

/** State of a delivery. */
export function DeliveryBadge({ state, channel }: { state: LogState; channel: Channel }) {
  const { strings } = useWords();
  return <Dotted label={stateWords(strings, channel).states[state]} color={stateColors[state]} />;
}
