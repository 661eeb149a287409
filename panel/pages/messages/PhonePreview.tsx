import type { Channel } from "../../../server/channels/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./PhonePreview.module.css";

interface PhonePreviewProps {
  appName: string;
  channel: Exclude<Channel, "push" | "whatsapp">;
  content: string;
  /** Of an e-mail. */
  subject?: string | null;
}

/** A message as it looks on a phone, in the app that shows the channel. */
export function PhonePreview(props: PhonePreviewProps) {
  const { strings } = useWords();
  return (
    <figure className={styles.phone} aria-label={strings.messages.preview}>
      <div className={styles.screen}>
        <div className={styles.island} aria-hidden />
        <Screen {...props} />
      </div>
    </figure>
  );
}

function Screen({ channel, appName, content, subject }: PhonePreviewProps) {
  switch (channel) {
    case "sms":
      return (
        <div className={styles.thread}>
          <p className={styles.sender} dir="auto">
            {appName}
          </p>
          <p className={styles.bubble} dir="auto">
            {content}
          </p>
        </div>
      );
    case "email":
      return (
        <div className={styles.email}>
          <p className={styles.subject} dir="auto">
            {subject || "…"}
          </p>
          <p className={styles.from} dir="auto">
            {appName}
          </p>
          <p className={styles.letter} dir="auto">
            {content}
          </p>
        </div>
      );
    case "inbox":
      return <Inbox content={content} />;
  }
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
