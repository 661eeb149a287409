import type { ReactNode } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./TimelineRow.module.css";

interface TimelineRowProps {
  icon: ReactNode;
  /** What kind of thing it is, for who cannot see the icon. */
  kind: string;
  at: string;
  title: ReactNode;
  children: ReactNode;
}

/** A moment of a timeline. */
export function TimelineRow({ icon, kind, at, title, children }: TimelineRowProps) {
  const { format } = useWords();
  return (
    <li className={styles.row}>
      <span className={styles.icon} role="img" aria-label={kind} title={kind}>
        {icon}
      </span>
      <div className={styles.body}>
        <div className={styles.head}>
          <div className={styles.title}>{title}</div>
          <time dateTime={at} title={format.dateTime(at)} className={`${styles.time} number`}>
            {format.clock(at)}
          </time>
        </div>
        {children}
      </div>
    </li>
  );
}
