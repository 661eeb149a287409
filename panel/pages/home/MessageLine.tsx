import { Link } from "@tanstack/react-router";
import type { Message } from "../../../server/messages/schema.ts";
import { DeliveryBar } from "../../ui/DeliveryBar.tsx";
import { useWords } from "../../ui/language.tsx";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./HomePage.module.css";

/** One message of the overview with its numbers. */
export function MessageLine({ message }: { message: Message }) {
  const { strings, format } = useWords();
  return (
    <li className={styles.line}>
      <div className={styles.lineTop}>
        <Link
          to="/messages/$messageId"
          params={{ messageId: message.id }}
          className={`${styles.lineLink} clamp-1`}
          dir="auto"
        >
          {message.content.trim() || strings.messages.noWords}
        </Link>
        <MessageBadge status={message.status} />
      </div>
      <DeliveryBar counts={message.counts} channel={message.channel} />
      <div className={`${styles.lineFoot} number`}>
        <span>
          {strings.users.deviceCount(message.counts.targeted, format.number(message.counts.targeted))}
        </span>
        <Time iso={message.createdAt} ago />
      </div>
    </li>
  );
}
