import { Progress } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "./language.tsx";
import styles from "./ProgressCard.module.css";

interface ProgressCardProps {
  title: string;
  /** 0 to 1; null while nobody can say. */
  share: number | null;
  /** What the bar means: how much of what, how fast, how long still. */
  facts: readonly string[];
  action?: ReactNode;
}

/** Long work under way: how far, how fast, how long still. */
export function ProgressCard({ title, share, facts, action }: ProgressCardProps) {
  const { format } = useWords();
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        <p className={`${styles.title} along`} dir="auto">
          {title}
        </p>
        <span className={`${styles.percent} number`}>{share === null ? "" : format.percent(share, 1)}</span>
      </div>
      <Progress.Root size="md" radius="xl">
        <Progress.Section
          value={share === null ? 100 : share * 100}
          animated={share === null || share < 1}
          striped={share === null}
          aria-label={title}
        />
      </Progress.Root>
      <div className={styles.foot}>
        <p className={`${styles.facts} number`}>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        {action}
      </div>
    </div>
  );
}
