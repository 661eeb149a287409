import { IconSend } from "@tabler/icons-react";
import type { Channel } from "../../server/channels/schema.ts";
import { useWords } from "./language.tsx";
import styles from "./PhonePreview.module.css";

interface PhonePreviewProps {
  appName: string;
  /** The inbox if missing. */
  channel?: Channel;
  content: string;
  /** Of an e-mail. */
  subject?: string | null;
  /** What the system shows; null when the message raises no notification. */
  notification: { title?: unknown; body?: unknown; text?: unknown } | null;
}

const textOr = (value: unknown, fallback: string) =>
  typeof value === "string" && value !== "" ? value : fallback;

/** The message as it looks on a phone, in the app that shows the channel. */
export function PhonePreview({ channel = "inbox", ...props }: PhonePreviewProps) {
  const { strings } = useWords();
  return (
    <figure className={styles.phone} aria-label={strings.messages.preview}>
      <div className={styles.screen}>
        <div className={styles.island} aria-hidden />
        <Screen channel={channel} {...props} />
      </div>
    </figure>
  );
}

function Screen({ channel, appName, content, subject, notification }: PhonePreviewProps) {
  switch (channel) {
    case "push":
      return <Shown appName={appName} content={content} notification={notification ?? {}} />;
    case "sms":
    case "whatsapp":
      return (
        <div className={styles.thread}>
          <p className={styles.sender} dir="auto">
            {appName}
          </p>
          <p className={`${styles.bubble} ${channel === "whatsapp" ? styles.green : ""}`} dir="auto">
            {content}
          </p>
        </div>
      );
    case "email":
      return (
        <div className={styles.email}>
          <p className={styles.subject} dir="auto">
            {textOr(subject, "…")}
          </p>
          <p className={styles.from} dir="auto">
            {appName}
          </p>
          <p className={styles.letter} dir="auto">
            {content}
          </p>
        </div>
      );
    default:
      return (
        <>
          {notification !== null && <Shown appName={appName} content={content} notification={notification} />}
          <Inbox content={content} />
        </>
      );
  }
}

function Shown(props: {
  appName: string;
  content: string;
  notification: NonNullable<PhonePreviewProps["notification"]>;
}) {
  const { strings } = useWords();
  const { appName, content, notification } = props;
  return (
    <div className={styles.notification}>
      <span className={styles.icon} aria-hidden>
        <IconSend size={13} />
      </span>
      <div className={styles.words}>
        <div className={styles.line}>
          <strong dir="auto">{textOr(notification.title, appName)}</strong>
          <span className={styles.when}>{strings.messages.previewNow}</span>
        </div>
        <p className="clamp-2" dir="auto">
          {textOr(notification.body, textOr(notification.text, content))}
        </p>
      </div>
    </div>
  );
}

function Inbox({ content }: { content: string }) {
  const { strings } = useWords();
  return (
    <div className={styles.inbox}>
      <p className={styles.inboxTitle}>{strings.messages.inbox}</p>
      <p className={styles.bubble} dir="auto">
        {content}
      </p>
    </div>
  );
}
