import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem.ts";
import { useWords } from "./language.tsx";
import styles from "./States.module.css";

/** Nothing here yet, and what to do about it. */
export function EmptyState(props: { icon: ReactNode; title: string; hint: string; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      <div className={styles.icon} aria-hidden>
        {props.icon}
      </div>
      <p className={styles.title} dir="auto">
        {props.title}
      </p>
      <p className={styles.hint}>{props.hint}</p>
      {props.action !== undefined && <div className={styles.action}>{props.action}</div>}
    </div>
  );
}

/** A failed request in words, with a way to repeat it. */
export function ErrorState(props: { error: unknown; onRetry?: () => void }) {
  const { strings } = useWords();
  const problem = asProblem(props.error);
  const known: Record<string, string> = strings.problems;
  return (
    <div className={styles.state} role="alert">
      <div className={`${styles.icon} ${styles.bad}`} aria-hidden>
        <IconAlertTriangle size={22} stroke={1.6} />
      </div>
      <p className={styles.title}>{known[problem.code] ?? strings.problems.title}</p>
      {problem.detail !== "" && (
        <p className={styles.hint} dir="auto">
          {problem.detail}
        </p>
      )}
      {props.onRetry && (
        <div className={styles.action}>
          <Button variant="default" onClick={props.onRetry}>
            {strings.common.retry}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Grey lines in the place of rows that are on their way. */
export function RowsSkeleton(props: { rows: number }) {
  const { strings } = useWords();
  return (
    <div className={styles.rows} role="status" aria-label={strings.common.loading}>
      {Array.from({ length: props.rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={row} className={styles.row}>
          <Skeleton height={12} width={`${38 - ((row * 7) % 17)}%`} radius="sm" />
          <Skeleton height={12} width="14%" radius="sm" />
          <Skeleton height={12} width="10%" radius="sm" />
        </div>
      ))}
    </div>
  );
}

/** A whole page on its way. */
export function PageSkeleton() {
  const { strings } = useWords();
  return (
    <div className={styles.page} role="status" aria-label={strings.common.loading}>
      <Skeleton height={26} width={220} radius="sm" />
      <Skeleton height={180} radius="md" />
      <Skeleton height={260} radius="md" />
    </div>
  );
}
