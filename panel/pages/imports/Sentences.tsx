import { Alert } from "@mantine/core";
import { Reason } from "./Reason.tsx";
import styles from "./Sentences.module.css";

/** Something said of a file as a whole: in the server's words, and by a code that this page may have words for. */
interface Sentence {
  code?: string;
  /** The column it is about, if it is about one. */
  column?: string | null;
  detail: string;
}

interface SentencesProps {
  title: string;
  sentences: readonly Sentence[];
  isFault?: boolean;
}

/** What is to be said of a file as a whole, each thing on its own line. */
export function Sentences({ title, sentences, isFault }: SentencesProps) {
  if (sentences.length === 0) return null;
  return (
    <Alert
      color={isFault ? "red" : "yellow"}
      title={title}
      role={isFault ? "alert" : "note"}
      classNames={{ root: (isFault ? styles.fault : styles.note) ?? "", title: styles.title ?? "" }}
    >
      <ul className={styles.sentences}>
        {sentences.map(({ code, column, detail }) => (
          <li key={`${code}${detail}`}>
            <Reason code={code ?? ""} column={column ?? null} detail={detail} />
          </li>
        ))}
      </ul>
    </Alert>
  );
}
