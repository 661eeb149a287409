import { useCallback, useRef, useState } from "react";
import type { Hold, Message, MessageReport as Report } from "../../../server/messages/schema.ts";
import { isSending, type LogFilter } from "../../api/messages.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { isByPhone } from "../../ui/channels.tsx";
import { useDeliveryShares } from "../../ui/DeliveryBar.tsx";
import { FunnelBars } from "../../ui/FunnelBars.tsx";
import { useWords } from "../../ui/language.tsx";
import { Legend, StackedBar } from "../../ui/StackedBar.tsx";
import { Buttons } from "./Buttons.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { EmailLook } from "./EmailLook.tsx";
import { EmailReport } from "./EmailReport.tsx";
import { HoldAlert } from "./HoldAlert.tsx";
import { MessageFacts } from "./MessageFacts.tsx";
import { MessagePreview } from "./MessagePreview.tsx";
import styles from "./MessageReport.module.css";
import { Reasons } from "./Reasons.tsx";
import { SendingProgress } from "./SendingProgress.tsx";
import { Statistics } from "./Statistics.tsx";

interface MessageReportProps {
  report: Report;
  /** That a part went first, and the others wait, stands above. */
  isPartSaid?: boolean;
}

/** Everything about a message: how it goes, funnel, counts, reasons, looks, and each recipient. A campaign's report is this, too. */
export function MessageReport({ report, isPartSaid = false }: MessageReportProps) {
  const { strings } = useWords();
  const app = useApp();
  const log = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState<LogFilter>({});
  const showWho = useCallback((chosen: LogFilter) => {
    setFilter(chosen);
    log.current?.scrollIntoView({ block: "start" });
    log.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.stack}>
      {report.hold !== null && !(isPartSaid && isOfPart(report.hold)) && (
        <HoldAlert hold={report.hold} channel={report.channel} />
      )}
      {(isSending(report.status) || report.status === "paused") && <SendingProgress report={report} />}
      <div className={styles.columns}>
        <div className={styles.stack}>
          {report.channel === "email" ? (
            // A mail server says that it took a mail, and never that it arrived: steps would look like losses.
            <EmailReport report={report} />
          ) : (
            <Card
              title={strings.messages.funnel}
              hint={isByPhone(report.channel) ? undefined : strings.messages.stepHint}
            >
              <FunnelBars counts={report.counts} channel={report.channel} />
            </Card>
          )}
          {report.channel !== "email" && <Buttons report={report} />}
          <Counts message={report} />
          <Reasons
            reasons={report.reasons}
            message={report}
            targeted={report.counts.targeted}
            onChoose={showWho}
          />
          <Statistics message={report} />
        </div>
        <div className={styles.stack}>
          <Card title={strings.messages.preview}>
            {report.hasHtml ? (
              <EmailLook message={report} from={app.name} />
            ) : (
              <MessagePreview
                appName={app.name}
                channel={report.channel}
                subject={report.subject}
                content={report.content}
                notification={report.notification}
                look={report.whatsapp?.look ?? null}
              />
            )}
          </Card>
          <Card title={strings.messages.details}>
            <MessageFacts message={report} />
          </Card>
        </div>
      </div>
      <div ref={log} tabIndex={-1} className={styles.log}>
        <Deliveries message={report} filter={filter} onFilter={setFilter} />
      </div>
    </div>
  );
}

const isOfPart = ({ kind }: Hold): boolean => kind === "rollout" || kind === "winner";

function Counts({ message }: { message: Message }) {
  const { strings } = useWords();
  const shares = useDeliveryShares(message.counts, message.channel);
  return (
    <Card title={strings.messages.counts} hint={strings.messages.countsHint}>
      <StackedBar label={strings.messages.counts} shares={shares} isThick />
      <Legend shares={shares} total={message.counts.targeted} totalLabel={strings.messages.targeted} />
    </Card>
  );
}
