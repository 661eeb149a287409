import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { FormatProvider, useWords } from "../../ui/language.tsx";
import { ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";

interface Answer {
  from: string;
  to: string;
  timeZone: string;
}

interface AnalysisProps<T extends Answer> {
  query: UseQueryResult<T>;
  children(answer: T): ReactNode;
}

/** An analysis in all its states. The last one stays, dimmed, while another is on its way; times are in its own zone. */
export function Analysis<T extends Answer>({ query, children }: AnalysisProps<T>) {
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <RowsSkeleton rows={6} />;
  return (
    <FormatProvider timeZone={query.data.timeZone}>
      <div className={query.isPlaceholderData ? styles.old : undefined} aria-busy={query.isPlaceholderData}>
        {children(query.data)}
      </div>
    </FormatProvider>
  );
}

/** From when to when an answer is, and on whose clock. */
export function ScopeNote({ answer, notes = [] }: { answer: Answer; notes?: readonly string[] }) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  // The end is not part of the range: of a whole day it is the midnight after it.
  const last = new Date(Date.parse(answer.to) - 1).toISOString();
  const said = [
    texts.scope(format.dateTime(answer.from), format.dateTime(last)),
    texts.zone(`\u2068${answer.timeZone}\u2069`),
    ...notes.filter((note) => note !== ""),
  ];
  return (
    <ul className={styles.notes}>
      {said.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
