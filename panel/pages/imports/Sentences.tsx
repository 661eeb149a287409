import { Alert } from "@mantine/core";
import styles from "./Sentences.module.css";

interface SentencesProps {
  title: string;
  /** In the server's words, each with its cure. */
  sentences: readonly string[];
  isFault?: boolean;
}

/** What is to be said of a file as a whole, each thing on its own line. */
export function Sentences({ title, sentences, isFault }: SentencesProps) {
  if (sentences.length === 0) return null;
  return (
    <Alert color={isFault ? "red" : "yellow"} title={title} role={isFault ? "alert" : "note"}>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence} dir="auto" className="along">
            {sentence}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
