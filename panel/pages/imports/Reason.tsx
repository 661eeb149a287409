import { useWords } from "../../ui/language.tsx";
import styles from "./Reason.module.css";

/** Why a row or a value was not taken: in the reader's language, and the server's sentence with the value itself. */
export function Reason({
  code,
  column = null,
  detail,
}: {
  code: string;
  /** Where no column of its own says it. */
  column?: string | null;
  detail: string;
}) {
  const { strings } = useWords();
  // A code that is newer than this page has only its sentence.
  const known: Record<string, string> = strings.imports.reasons;
  const words = known[code];
  if (words === undefined) return <bdi className={`${styles.reason} along`}>{detail}</bdi>;
  return (
    <span className={styles.reason} title={code}>
      <span>
        {words}
        {column !== null && (
          <>
            : <bdi>{column}</bdi>
          </>
        )}
      </span>
      <bdi className={`${styles.detail} faint along`}>{detail}</bdi>
    </span>
  );
}
