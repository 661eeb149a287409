import type { Message } from "../../../server/messages/schema.ts";
import { isSending } from "../../api/messages.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useDeliveryShares } from "../../ui/DeliveryBar.tsx";
import { describeAudience } from "../../ui/describeAudience.ts";
import { Facts } from "../../ui/Facts.tsx";
import { FunnelBars } from "../../ui/FunnelBars.tsx";
import { useWords } from "../../ui/language.tsx";
import { PhonePreview } from "../../ui/PhonePreview.tsx";
import { Legend, StackedBar } from "../../ui/StackedBar.tsx";
import { Time } from "../../ui/Time.tsx";
import { Deliveries } from "./Deliveries.tsx";
import styles from "./MessageReport.module.css";
import { SendingProgress } from "./SendingProgress.tsx";

/** Everything about a message: funnel, counts, looks, audience and each delivery. A campaign's report is this, too. */
export function MessageReport({ message }: { message: Message }) {
  const { strings } = useWords();
  const app = useApp();
  return (
    <div className={styles.stack}>
      {isSending(message.status) && <SendingProgress message={message} />}
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Card title={strings.messages.funnel} hint={strings.messages.stepHint}>
            <FunnelBars counts={message.counts} />
          </Card>
          <Counts message={message} />
        </div>
        <div className={styles.stack}>
          <Card title={strings.messages.preview}>
            <PhonePreview appName={app.name} content={message.content} notification={message.notification} />
          </Card>
          <Card title={strings.messages.details}>
            <MessageFacts message={message} />
          </Card>
        </div>
      </div>
      <Deliveries message={message} />
    </div>
  );
}

function Counts({ message }: { message: Message }) {
  const { strings } = useWords();
  const shares = useDeliveryShares(message.counts);
  return (
    <Card title={strings.messages.counts} hint={strings.messages.countsHint}>
      <StackedBar label={strings.messages.counts} shares={shares} isThick />
      <Legend shares={shares} total={message.counts.targeted} totalLabel={strings.messages.targeted} />
    </Card>
  );
}

function MessageFacts({ message }: { message: Message }) {
  const words = useWords();
  const { strings } = words;
  const texts = strings.messages;
  const request =
    message.audience.kind === "target"
      ? (message.audience.segment ?? message.audience.target)
      : message.audience.users;
  return (
    <div className={styles.details}>
      <Facts
        facts={[
          { name: texts.audience, value: describeAudience(message, words) },
          { name: texts.sentAt, value: <Time iso={message.createdAt} /> },
          { name: texts.frozenAt, value: <Time iso={message.frozenAt} /> },
          { name: texts.finishedAt, value: <Time iso={message.finishedAt} /> },
          { name: texts.topic, value: <bdi>{message.topic}</bdi> },
          ...(message.trackId === null
            ? []
            : [{ name: texts.trackId, value: <bdi className="mono">{message.trackId}</bdi> }]),
          {
            name: texts.id,
            value: (
              <span className={styles.id}>
                <bdi className="mono clamp-1" title={message.id}>
                  {message.id}
                </bdi>
                <CopyButton text={message.id} label={texts.copyId} />
              </span>
            ),
          },
        ]}
      />
      {request !== undefined && <CodeBlock code={JSON.stringify(request, null, 2)} label={texts.target} />}
    </div>
  );
}
