import { IconSend } from "@tabler/icons-react";
import { useWords } from "./language.tsx";
import styles from "./PhonePreview.module.css";

interface PhonePreviewProps {
  appName: string;
  content: string;
  /** What the system shows; null when the message raises no notification. */
  notification: { title?: unknown; body?: unknown; text?: unknown } | null;
}

const textOr = (value: unknown, fallback: string) =>
  typeof value === "string" && value !== "" ? value : fallback;

/** The message as it looks on a phone: the notification above, the message in the inbox below. */
export function PhonePreview({ appName, content, notification }: PhonePreviewProps) {
  const { strings } = useWords();
  return (
    <figure className={styles.phone} aria-label={strings.messages.preview}>
      <div className={styles.screen}>
        <div className={styles.island} aria-hidden />
        {notification !== null && (
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
        )}
        <div className={styles.inbox}>
          <p className={styles.inboxTitle}>{strings.messages.inbox}</p>
          <p className={styles.bubble} dir="auto">
            {content}
          </p>
        </div>
      </div>
    </figure>
  );
}
