import type { Message } from "../../../server/messages/schema.ts";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { describeAudience } from "../../ui/describeAudience.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./MessageReport.module.css";

/** What a message is: its channel, for whom, when, and what follows if it is not shown. */
export function MessageFacts({ message }: { message: Message }) {
  const words = useWords();
  const { strings, format } = words;
  const texts = strings.messages;
  const { fallback, trackId, subject } = message;
  const request =
    message.audience.kind === "target"
      ? (message.audience.segment ?? message.audience.target)
      : message.audience.users;
  const facts = [
    { name: strings.report.channel, value: <ChannelName channel={message.channel} /> },
    { name: texts.audience, value: describeAudience(message, words) },
    subject !== null && { name: strings.report.subject, value: <bdi>{subject}</bdi> },
    message.whatsapp !== null && {
      name: strings.whatsapp.report.template,
      value: (
        <bdi>
          {message.whatsapp.template} ({message.whatsapp.languages.join(", ")})
        </bdi>
      ),
    },
    { name: texts.sentAt, value: <Time iso={message.createdAt} /> },
    { name: texts.frozenAt, value: <Time iso={message.frozenAt} /> },
    { name: texts.finishedAt, value: <Time iso={message.finishedAt} /> },
    (message.channel === "inbox" || message.topic !== "default") && {
      name: texts.topic,
      value: <bdi>{message.topic}</bdi>,
    },
    trackId !== null && { name: texts.trackId, value: <bdi className="mono">{trackId}</bdi> },
    fallback !== null && {
      name: strings.report.fallback,
      value: (
        <>
          {fallback.policy === "NOT_CONNECTED"
            ? strings.sms.smart.atOnce(strings.segments.channels[fallback.channel])
            : strings.report.fallbackText(
                strings.segments.channels[fallback.channel],
                format.duration(fallback.delay),
              )}
          <span className="faint clamp-2" dir="auto" title={fallback.content}>
            {fallback.content}
          </span>
        </>
      ),
    },
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
  ];
  return (
    <div className={styles.details}>
      <Facts facts={facts.filter((fact) => fact !== false)} />
      {/* The id of a segment says nothing that its name above does not, nor do no conditions. */}
      {typeof request === "object" && request !== null && Object.keys(request).length > 0 && (
        <CodeBlock code={JSON.stringify(request, null, 2)} label={texts.target} />
      )}
    </div>
  );
}
